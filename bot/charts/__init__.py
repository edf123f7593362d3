"""Pictures for a phone: what they show, as data, and the drawing of it.

matplotlib is imported while drawing, and drawing happens in the workshop's child process only.
Texts come in as they are to be read: no sentence is made here.
"""
