"""What is wrong with the certificate of a server, in words."""

import ssl

# By OpenSSL's numbers, which do not change; its words do, and are English.
_FAULTS = {
    9: "todavía no empieza",
    10: "ya venció",
    18: "solo lo firma el mismo servidor",
    19: "lo firma alguien que este equipo no conoce",
    20: "lo firma alguien que este equipo no conoce",
    21: "lo firma alguien que este equipo no conoce",
    62: "es de otro nombre",
    64: "es de otra dirección",
}


def fault_of(error: ssl.SSLCertVerificationError) -> str:
    """Why a certificate proves nothing, in brackets after a space; empty if there are no words for it."""
    return f" ({words})" if (words := _FAULTS.get(error.verify_code)) else ""
