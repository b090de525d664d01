"""What the catalogue finds odd in a call: in the log, once, and on the response."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import logging
import pickle

import httpx
import pytest
import wdt_proto
from scripted import BASE, READS, WRITES, FakeClock, Script, database_error, ok, scripted
from test_client_retry import READ_ARGS

# A number as text, which the platform takes.
ODD = ("178238", -1)
# A name that nobody documents, on a query.
ODD_QUERY = ({**READ_ARGS[0], "warehouse_nos": "1002"},)


def warned(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.name == "wdt_proto" and record.levelno == logging.WARNING
    ]


def test_they_stand_on_the_response_and_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    client, _ = scripted(ok([1]))
    with caplog.at_level(logging.DEBUG):
        response = client.call(WRITES, *ODD)
    issue, *others = response.warnings
    assert (issue.pointer, issue.code, issue.severity) == ("/0", "coercible_type", "warning")
    assert not others
    assert warned(caplog) == [f"{WRITES} warns: {issue.message}"]
    assert issue.message.startswith("/0 (Api_goodsspec表的rec_id)")
    assert response == wdt_proto.parse_response('{"status":0,"data":[1]}'), "the reply alone"


def test_each_call_tells_them_once_however_often_it_is_sent(
    caplog: pytest.LogCaptureFixture,
) -> None:
    client, script = scripted(database_error(), ok(), ok())
    with caplog.at_level(logging.WARNING):
        client.call(WRITES, *ODD)
    told = [line for line in warned(caplog) if " warns: " in line]
    assert (len(script.calls), len(told)) == (2, 1)
    with caplog.at_level(logging.WARNING):
        client.call(WRITES, *ODD)
    assert len([line for line in warned(caplog) if " warns: " in line]) == 2


def test_pages_tell_them_with_the_first_page(caplog: pytest.LogCaptureFixture) -> None:
    client, script = scripted(ok([1, 2], total=3), ok([3]))
    with caplog.at_level(logging.WARNING):
        assert list(client.pages(READS, *ODD_QUERY, page_size=2)) == [1, 2, 3]
    (line,) = warned(caplog)
    assert len(script.calls) == 2
    assert "warehouse_nos" in line


def test_a_refused_call_has_told_them_too(caplog: pytest.LogCaptureFixture) -> None:
    client, _ = scripted(httpx.Response(200, text='{"status":100,"message":"x"}'))
    with caplog.at_level(logging.WARNING), pytest.raises(wdt_proto.ApiError):
        client.call(WRITES, *ODD)
    assert len(warned(caplog)) == 1


def test_a_call_without_any_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    client, _ = scripted(ok(), ok())
    with caplog.at_level(logging.WARNING):
        assert client.call(WRITES, 178238, -1).warnings == []
        # Nobody looks at the arguments.
        assert client.call(WRITES, *ODD, level="off").warnings == []
    assert warned(caplog) == []


def test_they_speak_the_persons_language(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WDT_LANG", "zh")
    client, _ = scripted(ok())
    with caplog.at_level(logging.WARNING):
        response = client.call(WRITES, *ODD)
    assert warned(caplog) == [f"{WRITES} 有警告：{response.warnings[0].message_zh}"]


def test_tasks_get_them_too(caplog: pytest.LogCaptureFixture) -> None:
    async def call() -> wdt_proto.Response:
        clock = FakeClock()
        transport = httpx.MockTransport(Script(clock, ok()).answer_async)
        creds = wdt_proto.Credentials("wdtapi3", "appkey", "testsecret:testsalt")
        async with wdt_proto.AsyncClient(creds, BASE, transport=transport, clock=clock) as client:
            return await client.call(WRITES, *ODD)

    with caplog.at_level(logging.WARNING):
        response = asyncio.run(call())
    assert [issue.code for issue in response.warnings] == ["coercible_type"]
    assert len(warned(caplog)) == 1


def test_a_response_with_some_can_be_shown_copied_and_pickled() -> None:
    client, _ = scripted(ok([1]))
    response = client.call(WRITES, *ODD)
    shown = repr(response)
    assert shown.startswith("Response(data=[1], total=None, warnings=[Issue(pointer='/0', ")
    for again in (copy.deepcopy(response), pickle.loads(pickle.dumps(response))):  # noqa: S301
        assert again == response
        assert again.warnings == response.warnings
        assert again.warnings[0].message_zh == response.warnings[0].message_zh
        assert repr(again) == shown
    response.warnings.clear()
    assert len(response.warnings) == 1, "the list is the caller's own"


def test_a_response_pickled_before_there_were_any_has_none() -> None:
    response = wdt_proto.parse_response('{"status":0,"data":1}')
    state = {field.name: getattr(response, field.name) for field in dataclasses.fields(response)}
    del state["_warnings"]
    old = object.__new__(wdt_proto.Response)
    vars(old).update(state)
    assert old.warnings == []
    assert old == response
