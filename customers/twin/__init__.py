"""A twin of customers: the same rows and history, in which every personal value is another one.

- `rows` chooses the rows, and `copies` makes the twin of each
- `replacements` replaces a value by one of the same form: of `forms`, with `rules` that go on to
  hold, in the letters of `alphabets`
- `originals` finds original values in a text, in any spelling of `folding`
- `proof` reads the finished fixture, and allows no original in it but what `kept` names
- `fixture` writes it
"""
