"""A browser window in the house, and everything in it that went wrong."""

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, StorageState

from config.demo.logins import PASSWORD
from tests.journeys.house import House

# What htmx calls a request in whose place a newer one was sent (hx-sync). One that is lost has other names too.
REPLACED = ("htmx:afterRequest", "htmx:sendAbort")


class Window:
    """What one person sees. `complaints` holds what the console, the network and the policy objected to."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("requestfailed", self._miss)
        context.on("response", self._answered)
        self.page: Page = context.new_page()

    def log_in(self, username: str) -> Page:
        """Through the log-in page, as anybody does."""
        page = self.page
        page.goto("/account/login/")
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("/")
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(REPLACED):
            self.complaints.append(f"{message.page and message.page.url}: {message.text}")

    def _miss(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page itself let go of a request it no longer needed
            self.complaints.append(f"{request.method} {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.request.method} {response.url}: {response.status}")


def session(username: str, *, chromium: Browser, house: House) -> StorageState:
    """What keeps that person logged in; the log-in page is passed once per person."""
    if username not in house.sessions:
        context = chromium.new_context(base_url=house.address)
        Window(context).log_in(username)
        house.sessions[username] = context.storage_state()
        context.close()
    return house.sessions[username]
