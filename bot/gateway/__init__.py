"""The voice gateway (Bitel): HTTP and JSON in, models and errors of its own out.

Knows httpx and the gateway's wire names. Imports neither `storage` nor anything of Telegram.

protocol    what the rest of the program needs of a gateway
bitel       the gateway itself: `place_batch`, `call_status`, `check`
outcomes    from the reply to a launch to what became of its calls
questions   from the reply to a question to a call, or an error
answers     the gateway's JSON
events      what the gateway sends by itself
wire        single values of its JSON
exchange    one request and its reply, within a deadline
body        one body, within bounds
"""
