"""Numbers out of files and contact cards: bytes in, numbers, names and doubts out.

Pure, and made for a child process: whatever a stranger has made of a file, reading it is bounded
in bytes, rows and cells. Imports nothing but the reader of numbers.
"""
