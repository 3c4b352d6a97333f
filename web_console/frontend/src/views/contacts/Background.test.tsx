import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Background } from "../../data/background";
import type { Contact } from "../../data/contacts";
import { findings, show } from "../../testingRender";
import { BackgroundBanner } from "./Background";

const found = (fields: Partial<Background>): Background => ({
  person_id: "per_1",
  count: 3,
  recently: 2,
  is_frequent: false,
  peak_level: "high",
  earlier: [],
  flags: [],
  plan: null,
  open_alert: null,
  ...fields,
});

const contact = { id: "con_1", person_id: "per_1", state: "active" } as Contact;

const answering = (background: Background) =>
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify(background), { status: 200, headers: { "Content-Type": "application/json" } })));

afterEach(() => vi.unstubAllGlobals());

describe("what is known of a person before the first word", () => {
  it("is one line: how often, how bad, what to mind", async () => {
    answering(found({ flags: [{ id: "f", code: "no_voicemail", note: "室友会接", set_by: null, set_at: "2026-01-01T00:00:00Z", expires_at: "2026-06-01T00:00:00Z" }] }));
    const { container } = show(<BackgroundBanner contact={contact} />, "zh");
    const banner = await screen.findByTestId("background");
    expect(banner.textContent).toContain("之前来过3次");
    expect(banner.textContent).toContain("不要留言，不要说我们是谁：室友会接");
    expect(await findings(container)).toEqual([]);
  });

  it("says that help was asked for in an earlier contact and is not over", async () => {
    answering(found({ open_alert: { id: "alr_1", opened_at: "2026-01-01T00:00:00Z" } }));
    const { container } = show(<BackgroundBanner contact={contact} />, "zh");
    expect((await screen.findByTestId("earlier-alert")).textContent).toContain("之前一次联系的警报尚未结束");
    expect(await findings(container)).toEqual([]);
  });

  it("folds a long plan, and opens it", async () => {
    answering(found({ is_frequent: true, plan: { text: "先听十分钟。".repeat(60), by: { id: "s", name: "王督导" }, at: "2026-01-01T00:00:00Z" } }));
    show(<BackgroundBanner contact={contact} />, "zh");
    const plan = await screen.findByTestId("person-plan");
    expect(plan.textContent!.length).toBeLessThan(260);
    await userEvent.click(screen.getByRole("button", { name: "展开" }));
    expect(plan.textContent!.length).toBeGreaterThan(360);
  });

  it("says nothing of who was never here", async () => {
    answering(found({ count: 0, recently: 0, peak_level: null }));
    const { container } = show(<BackgroundBanner contact={contact} />);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(container.querySelector("[data-testid=background]")).toBeNull();
  });
});
