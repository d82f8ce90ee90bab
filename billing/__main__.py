"""Django's command line in an installed copy: `python -m billing migrate`."""

from billing.command_line import main

if __name__ == "__main__":
    main()
