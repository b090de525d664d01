"""The sandbox's page in a real browser: what it shows, and that nothing it shows can run."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest
from calls import ROOT, SALT, SECRET, Sandbox, report, running
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from selenium.webdriver.chrome.webdriver import WebDriver
    from selenium.webdriver.remote.webelement import WebElement

PROGRAM = ROOT / "target" / "debug" / "wdt-sandbox"
SCREENSHOTS = ROOT / "target" / "sandbox-page"
SYNC = "sales.StockSync."
HOSTILE = "</script><script>window.pwned=1</script><img src=x onerror='window.pwned=2'><b>库存</b>"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
    "--disable-background-networking --disable-component-update --window-size=1600,1000"
)
PATIENCE = 60


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running(PROGRAM, "--rate-limit", "0") as started:
        yield started


@pytest.fixture
def browser(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[WebDriver]:
    """Start a browser that prefers Chinese, or the language of the test's parameter."""
    options = webdriver.ChromeOptions()
    language = getattr(request, "param", "zh-CN")
    options.add_argument(f"--accept-lang={language}")
    options.add_experimental_option("prefs", {"intl.accept_languages": language})
    for flag in FLAGS.split():
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={tmp_path / 'profile'}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = shutil.which("chromedriver")
    assert driver, "chromedriver is missing (Debian: apt-get install chromium-driver)"
    # Selenium asks the network for a driver where it is not told of one.
    os.environ["SE_OFFLINE"] = "true"
    browser = webdriver.Chrome(options, webdriver.ChromeService(driver))
    yield browser
    browser.quit()


def rows(browser: WebDriver, table: str) -> list[WebElement]:
    return browser.find_elements(By.CSS_SELECTOR, f"#{table} tbody tr")


def until(browser: WebDriver, holds: Callable[[], bool]) -> None:
    """Wait; the page may draw its tables anew meanwhile."""
    waiting = WebDriverWait(browser, PATIENCE, ignored_exceptions=[StaleElementReferenceException])
    waiting.until(lambda _: holds())


def open_page(sandbox: Sandbox, browser: WebDriver) -> None:
    browser.get(sandbox.page)
    until(browser, lambda: len(rows(browser, "goods")) == 20)


def wait_for_calls(browser: WebDriver, count: int) -> list[WebElement]:
    """Wait until the page shows so many; newest first."""
    until(browser, lambda: len(rows(browser, "calls")) == count)
    return rows(browser, "calls")


def good(browser: WebDriver, api_goods_id: int) -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, f"#goods tr[data-id='{api_goods_id}']")


def log_of(browser: WebDriver) -> list[str]:
    entries = browser.get_log("browser")  # type: ignore[no-untyped-call]
    return [entry["message"] for entry in entries]


def colour(element: WebElement) -> tuple[int, int, int]:
    text = element.value_of_css_property("color")
    red, green, blue = text[text.index("(") + 1 :].split(",")[:3]
    return int(red), int(green), int(blue)


def shoot(browser: WebDriver, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    assert browser.save_screenshot(str(SCREENSHOTS / f"{name}.png"))


def test_a_person_sees_what_arrived_and_why_it_was_refused(
    sandbox: Sandbox, browser: WebDriver
) -> None:
    open_page(sandbox, browser)
    assert browser.find_element(By.ID, "base").text == sandbox.base_url
    assert browser.find_element(By.ID, "calls-empty").is_displayed()

    stock = sandbox.call(f"{SYNC}calcStock", 1001, False)
    sandbox.call(f"{SYNC}syncFail", 1001, report(stock, "平台接口限流，稍后重试"))
    sandbox.post(f"{SYNC}calcStock", "[1002,false]", secret="wrong")
    sandbox.post(f"{SYNC}calcStock", "[1002]")
    late, unsigned, accepted, _ = wait_for_calls(browser, 4)

    assert "库存同步失败" in accepted.text
    assert "已记为同步失败" in accepted.text
    assert "id 1001" in accepted.text
    assert "refused" not in (accepted.get_attribute("class") or "")
    for row, status, message, why in (
        (unsigned, "1", "验证失败", "请先核对 appsecret"),
        (late, "1", "invalid argument count", "缺少必填参数 forceSync"),
    ):
        assert "refused" in (row.get_attribute("class") or "")
        assert row.find_element(By.CSS_SELECTOR, ".badge").text == status
        told = row.find_element(By.CSS_SELECTOR, ".message")
        assert told.text == message
        red, green, blue = colour(told)
        assert red > 2 * max(green, blue), "red"
        assert why in row.text
    assert "核对 sid、key 和 appsecret" in unsigned.text

    # Another call comes in by itself, a good shows what was reported, a click opens the request.
    until(browser, lambda: "失败" in good(browser, 1001).text)
    assert "平台接口限流" in good(browser, 1001).text
    accepted.click()
    detail = browser.find_element(By.CSS_SELECTOR, "tr.detail").text
    assert '"syn_result": "平台接口限流，稍后重试"' in detail
    assert "sign=***" in detail
    assert "salt=***" in detail
    accepted.click()
    assert not browser.find_elements(By.CSS_SELECTOR, "tr.detail")
    unsigned.click()
    shoot(browser, "calls")
    assert_quiet(browser)


WHOLE_SECRET = f"{SECRET}:{SALT}"
PROVEN = {
    "zh-CN": (
        "密钥带上了盐值",
        "签名时把整个 secret:salt 当成了密钥",
        "改法：只取第一个冒号之前的部分当密钥",
        "English",
    ),
    "en-US": (
        "Secret with the salt",
        "the whole secret:salt was used as the secret",
        "fix: use only the part before the first colon as the secret",
        "中文",
    ),
}


@pytest.mark.parametrize("browser", list(PROVEN), indirect=True)
def test_the_proven_mistake_is_shown_in_the_browsers_language(
    sandbox: Sandbox, browser: WebDriver, request: pytest.FixtureRequest
) -> None:
    language = request.node.callspec.params["browser"]
    sandbox.post(f"{SYNC}calcStock", "[1001,false]", secret=WHOLE_SECRET)
    stock = sandbox.call(f"{SYNC}calcStock", 1002, False)
    sandbox.call(f"{SYNC}syncSuccess", 1002, report(stock, ""))
    open_page(sandbox, browser)
    *_, refused = wait_for_calls(browser, 3)

    def shows(expected: tuple[str, str, str, str], row: WebElement) -> None:
        title, what, fix, other = expected
        assert row.find_element(By.CSS_SELECTOR, ".mistake").text == title
        assert what in row.text
        assert fix in row.text
        assert browser.find_element(By.ID, "language").text == other

    shows(PROVEN[language], refused)
    texts = browser.find_element(By.TAG_NAME, "body").text
    assert ("调用记录" in texts) == (language == "zh-CN")
    assert ("Failures only" in texts) == (language == "en-US")
    shoot(browser, f"proven-{language}")

    # The switch turns the whole page, and the choice outlives it.
    (other,) = set(PROVEN) - {language}
    for again in (False, True):
        if again:
            browser.refresh()
        else:
            browser.find_element(By.ID, "language").click()
        *_, refused = wait_for_calls(browser, 3)
        shows(PROVEN[other], refused)
        page = browser.find_element(By.TAG_NAME, "html")
        assert page.get_attribute("lang") == ("zh-CN" if other == "zh-CN" else "en")
    for hidden in (SECRET, SALT):
        assert hidden not in browser.page_source
    assert_quiet(browser)


def test_nothing_that_arrives_can_run(sandbox: Sandbox, browser: WebDriver) -> None:
    stock = sandbox.call(f"{SYNC}calcStock", 1003, False)
    sandbox.call(f"{SYNC}syncSuccess", 1003, report(stock, HOSTILE))
    sandbox.post(HOSTILE, HOSTILE)
    sandbox.post(HOSTILE, HOSTILE, secret=HOSTILE)
    open_page(sandbox, browser)
    # Two refused and two accepted calls; the details of all of them too.
    for row in wait_for_calls(browser, 4):
        row.click()
    text = browser.find_element(By.ID, "calls").text
    assert text.count("<script>window.pwned=1</script>") >= 4
    assert HOSTILE in good(browser, 1003).text
    assert browser.execute_script("return window.pwned") is None
    for tag in ("img", "script", "b"):
        assert not browser.find_elements(By.CSS_SELECTOR, f"main {tag}"), tag
    shoot(browser, "hostile")
    assert_quiet(browser)


def test_faults_and_stock_are_set_from_the_page(sandbox: Sandbox, browser: WebDriver) -> None:
    open_page(sandbox, browser)
    sandbox.call(f"{SYNC}cancelSync", 1004, -1)

    until(browser, lambda: "待同步" not in good(browser, 1004).text)
    good(browser, 1004).find_element(By.CSS_SELECTOR, "button").click()
    value = browser.find_element(By.ID, "stock-value")
    value.send_keys("12.5000")
    browser.find_element(By.CSS_SELECTOR, "#stock button").click()
    until(browser, lambda: "1: 12.5000" in good(browser, 1004).text)
    goods = {row["api_goods_id"]: row for row in sandbox.control("__state")["goods"]}
    assert goods[1004]["stock"]["1"] == "12.5000"
    assert goods[1004]["waiting"] is True
    value.clear()
    value.send_keys("1.00001")
    browser.find_element(By.CSS_SELECTOR, "#stock button").click()
    result = browser.find_element(By.ID, "stock-result")
    until(browser, lambda: "Decimal(19,4)" in result.text)

    browser.find_element(By.ID, "fault").send_keys("server=1")
    browser.find_element(By.CSS_SELECTOR, "#faults button").click()
    until(browser, lambda: sandbox.control("__faults") == {"fault": "server=1"})
    _, text = sandbox.post(f"{SYNC}calcStock", "[1001,false]")
    assert json.loads(text)["status"] == 4
    newest, _ = wait_for_calls(browser, 2)
    assert "faulty" in (newest.get_attribute("class") or "")
    assert "注入的故障（server）" in newest.text

    browser.find_element(By.ID, "only-refused").click()
    assert len(rows(browser, "calls")) == 1
    browser.find_element(By.ID, "search").send_keys("1004")
    assert [row.get_attribute("data-id") for row in rows(browser, "goods")] == ["1004"]
    shoot(browser, "faults")
    # The browser itself notes the refused change of stock, and nothing else.
    (noise,) = log_of(browser)
    assert "__stock" in noise
    assert "422" in noise


def assert_quiet(browser: WebDriver) -> None:
    """No error, and no breach of the page's own policy."""
    assert log_of(browser) == []


def test_the_rows_of_queries_are_shown_and_their_change_is_set(browser: WebDriver) -> None:
    method = "aftersales.refund.RawRefund.search"
    days = '[{"start_time": "2025-03-01 00:00:00", "end_time": "2025-03-02 00:00:00"}]'
    options = ("--rows", f"{method}=250", "--rows-span", "2025-03-01..2025-03-02")
    with running(PROGRAM, "--rate-limit", "0", *options, "--churn", "3/call") as sandbox:
        browser.get(sandbox.page)
        until(browser, lambda: len(rows(browser, "rows")) == 1)
        status, text = sandbox.post(method, days, page=(100, 0))
        assert (status, json.loads(text)["status"]) == (200, 0)
        until(browser, lambda: "第 0 页" in rows(browser, "rows")[0].text)
        shown = rows(browser, "rows")[0].text
        for expected in (
            method,
            "原始退款单查询",
            "250",
            "修改时间 2025-03-01 00:00:00",
            "返回 100 行",
        ):
            assert expected in shown
        shoot(browser, "rows")
        churn = browser.find_element(By.ID, "churn")
        assert churn.get_attribute("value") == "3/call"
        churn.clear()
        churn.send_keys("1000/s\n")
        until(browser, lambda: "已生效" in browser.find_element(By.ID, "churn-result").text)
        assert sandbox.control("__rows")["churn"] == "1000/s"
        until(browser, lambda: rows(browser, "rows")[0].text != shown)
        browser.find_element(By.ID, "language").click()
        assert browser.find_element(By.ID, "rows-title").text == "Rows of queries"
        assert log_of(browser) == []


def test_without_rows_nothing_is_said_of_them(sandbox: Sandbox, browser: WebDriver) -> None:
    open_page(sandbox, browser)
    assert not browser.find_element(By.ID, "rows-section").is_displayed()
