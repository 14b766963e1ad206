"""What must be right for people to sign in, a line each: ``manage.py pwdless_doctor``.

``site`` looks at this site, ``tenant`` asks the tenant as anybody may, ``dashboard`` reads the
Management API. Nothing here sends a message, spends a try or changes anything.
"""
