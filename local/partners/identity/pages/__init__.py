"""The pages a person sees at the identity partner, and how they are filled in.

Plain forms that work without a script. Korean comes first, English beside it.
Whatever came from outside is escaped here and nowhere else.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from aiohttp import web

from local.partners.identity.phone_check import CARRIERS, CHECK_AGAIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from local.partners.identity.phone_check import Answers, Flaw
    from local.partners.people import SamplePerson

_HERE = Path(__file__).parent
_STYLE = (_HERE / "style.css").read_text("utf-8")
_FRAME, _SIGN_IN, _CODE, _MESSAGE = (
    Template((_HERE / f"{name}.html").read_text("utf-8"))
    for name in ("frame", "sign_in", "code", "message")
)

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def sign_in_page(
    flow: str, answers: Answers, flaws: Mapping[str, Flaw], people: Iterable[SamplePerson]
) -> web.Response:
    """Ask who somebody is: 200, or 422 if they were asked before and something is wrong."""
    fields = {"name": answers.name, "birthdate": answers.birthdate, "phone": answers.phone}
    content = _SIGN_IN.substitute(
        {
            "flow": escape(flow),
            "alert": _alert(flaws.get("match", CHECK_AGAIN) if flaws else None),
            "carriers": "".join(
                f'<label><input type="radio" name="carrier" value="{code}" required'
                f"{' checked' if code == answers.carrier else ''}>"
                f"<span>{escape(ko)}{_english(en) if en != ko else ''}</span></label>"
                for code, ko, en in CARRIERS
            ),
            "people": "".join(_person(person) for person in people),
            "carrier_flaw": _flaw("carrier", flaws),
            "carrier_state": 'aria-describedby="carrier-flaw"' if "carrier" in flaws else "",
            **{field: escape(value) for field, value in fields.items()},
            **{f"{field}_flaw": _flaw(field, flaws) for field in fields},
            **{f"{field}_state": _state(field, flaws) for field in fields},
        }
    )
    title = "입력 확인 - 휴대폰 본인확인" if flaws else "휴대폰 본인확인"
    return _page(title, content, 422 if flaws else 200)


def code_page(flow: str, phone: str, code: str, flaw: Flaw | None) -> web.Response:
    """Show the simulated message and ask for the code in it: 200, or 422 after a wrong one."""
    content = _CODE.substitute(
        flow=escape(flow),
        phone=escape(f"{phone[:3]}-****-{phone[-4:]}"),
        code=escape(code),
        alert=_alert(flaw),
        code_state='aria-invalid="true" aria-describedby="alert"' if flaw else "",
    )
    return _page("인증번호 입력", content, 422 if flaw else 200)


def message_page(ko: str, en: str, detail: str = "", status: int = 400) -> web.Response:
    """Tell a person something that ends here; ``detail`` is for a developer."""
    content = _MESSAGE.substitute(
        ko=escape(ko),
        en=escape(en),
        detail=f'<p lang="en">{escape(detail)}</p>' if detail else "",
    )
    return _page(ko, content, status)


def redirect(location: str) -> web.Response:
    """Send the browser on, by GET."""
    return web.Response(status=303, headers={**HEADERS, "Location": location})


def _page(title: str, content: str, status: int) -> web.Response:
    text = _FRAME.substitute(title=escape(title), style=_STYLE, content=content)
    return web.Response(
        text=text, status=status, headers=HEADERS, content_type="text/html", charset="utf-8"
    )


def _person(person: SamplePerson) -> str:
    return (
        f'<li><button type="submit" name="person" value="{escape(person.sub)}">'
        f"<strong>{escape(person.name)}</strong>{escape(person.shows.ko)}"
        f"{_english(person.shows.en)}</button></li>"
    )


def _english(text: str) -> str:
    return f' <span class="en" lang="en">{escape(text)}</span>'


def _alert(flaw: Flaw | None) -> str:
    if flaw is None:
        return ""
    return f'<p class="alert" role="alert" id="alert">{escape(flaw.ko)}{_english(flaw.en)}</p>'


def _flaw(field: str, flaws: Mapping[str, Flaw]) -> str:
    flaw = flaws.get(field)
    if flaw is None:
        return ""
    return f'<p class="flaw" id="{field}-flaw">{escape(flaw.ko)}{_english(flaw.en)}</p>'


def _state(field: str, flaws: Mapping[str, Flaw]) -> str:
    if field not in flaws:
        return ""
    return f'aria-invalid="true" aria-describedby="{field}-flaw"'
