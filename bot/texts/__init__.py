"""Every sentence and every button label that a person sees.

Pure functions of the models and of the reader's language; no other package holds a sentence.
Knows nothing of Telegram but its limits: a card is HTML text and rows of buttons.
"""
