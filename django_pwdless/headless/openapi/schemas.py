"""JSON Schemas of what is answered: the state step by step, the lists, and problems."""

from __future__ import annotations

from typing import Any

from django_pwdless.flows import steps

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
NUMBER: Schema = {"type": "integer"}
NUMBER_OR_NULL: Schema = {"type": ["integer", "null"]}
FLAG: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
#: Members of the state that only answers have which come to a new step.
SECRETS = ("secret", "otpauth_url", "qr_svg", "recovery_codes")

OUTCOMES: dict[int, list[str]] = {
    400: ["invalid"],
    401: ["session_gone", "signed_out"],
    403: [
        *("conflict", "csrf", "identity_taken", "mfa_required", "not_signed_in", "reconfirm"),
        *("refused", "verification_required"),
    ],
    404: ["not_found"],
    409: ["last_identity", "step_missing"],
    415: ["invalid"],
    429: ["rate_limited", "too_many_attempts"],
    503: ["not_delivered", "unavailable"],
}

_ANSWERED: Schema = {
    "factor": TEXT,
    "channel": TEXT,
    "hint": TEXT,
    "tries_left": NUMBER_OR_NULL,
    "resend_wait": NUMBER,
    "can_resend": FLAG,
    "expires_in": NUMBER,
    "interval": NUMBER,
}
_SETS_UP: Schema = dict.fromkeys(("secret", "otpauth_url", "qr_svg"), TEXT_OR_NULL)


def ref(name: str) -> Schema:
    """Return a reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def record(members: Schema, **optional: Schema) -> Schema:
    """Return an object with these members, all of which are there, and some that may be."""
    return {"type": "object", "required": list(members), "properties": {**members, **optional}}


def rows(name: str) -> Schema:
    """Return a list of a component."""
    return {"type": "array", "items": ref(name)}


_STEPS: dict[str, tuple[Schema, Schema]] = {
    steps.IDENTIFY: ({"identifier": TEXT_OR_NULL}, {}),
    steps.CODE: (
        {
            "identifier": TEXT,
            "masked_identifier": TEXT,
            "connection": TEXT,
            "code_length": NUMBER,
            "code_lifetime": NUMBER,
            "tries_left": NUMBER_OR_NULL,
            "is_code_old": FLAG,
            "resend_wait": NUMBER,
        },
        {},
    ),
    steps.LINK: (
        {
            "identifier": TEXT,
            "masked_identifier": TEXT,
            "resend_wait": NUMBER,
            "code_instead": FLAG,
        },
        {},
    ),
    steps.CHOOSE_FACTOR: ({"authenticators": rows("Authenticator"), "expires_in": NUMBER}, {}),
    steps.ENROLL_FACTOR: ({"factors": rows("Factor"), "expires_in": NUMBER}, {}),
    steps.ANSWER_FACTOR: (_ANSWERED, _SETS_UP),
    steps.WAIT_FOR_PUSH: (_ANSWERED, _SETS_UP),
    steps.RECOVERY_CODES: ({}, {"recovery_codes": {"type": "array", "items": TEXT}}),
    steps.SIGNED_IN: ({}, {}),
}

_PARTS: dict[str, Schema] = {
    "User": record({"id": TEXT, "name": TEXT}),
    "Method": record({"name": TEXT, "label": TEXT, "connection": TEXT}),
    "Authenticator": record({"id": TEXT, "factor": TEXT, "label": TEXT, "hint": TEXT}),
    "Factor": record({"factor": TEXT, "label": TEXT}),
    "Identity": record(
        {
            "id": NUMBER,
            "label": TEXT,
            "email": TEXT,
            "phone_number": TEXT,
            "connection": TEXT,
            "created_at": MOMENT,
        }
    ),
    "SignIn": record(
        {
            "id": NUMBER,
            "current": FLAG,
            "browser": TEXT,
            "system": TEXT,
            "method": TEXT,
            "created_at": MOMENT,
            "last_seen_at": MOMENT,
        }
    ),
    "FieldError": record({"message": TEXT, "code": TEXT}),
}

#: What answers have beside the state, by the name in the table of operations.
ANSWERS: dict[str, Schema] = {
    "State": {},
    "Poll": record(
        {
            "status": {"enum": ["pending", "approved", "rejected", "expired"]},
            "interval": NUMBER,
            "outcome": TEXT_OR_NULL,
        }
    ),
    "SignedOut": record({"logout_url": TEXT_OR_NULL}),
    "Identities": record({"identities": rows("Identity")}),
    "SignIns": record({"sign_ins": rows("SignIn")}),
}


def components(further_state: Schema, tokens: Schema) -> dict[str, Schema]:
    """Return the schemas; ``tokens`` is what each answer of a front end has for the next one."""
    named = {name: _step_name(name) for name in _STEPS}
    state = {
        "oneOf": [ref(each) for each in named.values()],
        "discriminator": {
            "propertyName": "step",
            "mapping": {step: ref(name)["$ref"] for step, name in named.items()},
        },
    }
    return {
        **_PARTS,
        **{named[step]: _step(step, further_state) for step in _STEPS},
        "State": state,
        "StateWithoutSecrets": {
            "allOf": [ref("State"), {"properties": dict.fromkeys(SECRETS, False)}]
        },
        "Tokens": tokens,
        "Problem": _problem(),
    }


def _step_name(step: str) -> str:
    return "".join(map(str.capitalize, step.split("_"))) + "Step"


def _step(step: str, further_state: Schema) -> Schema:
    members, optional = _STEPS[step]
    user = {"anyOf": [ref("User"), {"type": "null"}]}
    every = {"step": {"const": step}, "user": user, "methods": rows("Method"), **further_state}
    return record({**every, **members}, **optional)


def _problem() -> Schema:
    """RFC 9457, section 3, and our own members."""
    errors = {"type": "object", "additionalProperties": rows("FieldError")}
    return record(
        {
            "title": TEXT,
            "status": NUMBER,
            "detail": TEXT,
            "outcome": TEXT,
            "errors": errors,
            "retry_after": NUMBER_OR_NULL,
            "login": ref("StateWithoutSecrets"),
        }
    )
