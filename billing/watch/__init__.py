"""What the people and programs see that watch over the server: health, metrics, logs, traces."""
