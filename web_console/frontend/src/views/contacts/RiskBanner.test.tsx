import { act, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Contact } from "../../data/contacts";
import type { Known } from "../../data/frames";
import { store } from "../../data/store";
import { show } from "../../testingRender";
import { RiskBanner } from "./RiskBanner";

const TEXT = "我现在站在桥上,我不想活了";
const reason = (cue: string, start: number, end: number) => ({ cue, start, end, seq: 1, message_id: "msg_1", why_zh: "很长的一句话", why_en: "a long sentence" });

it("quotes the same words once, with the names of what they are read as", () => {
  act(() => store.setState({ messages: { con_1: [{ id: "msg_1", seq: 1, text: TEXT }] } } as unknown as Known));
  const contact = { id: "con_1", channel: "chat", level: "imminent", level_source: "triage", reasons: [reason("intent", 9, 13), reason("wish_dead", 9, 13), reason("place", 1, 7)], override: null, imminent_anew: false, help_requested_at: null } as unknown as Contact;
  show(<RiskBanner contact={contact} />, "zh");
  const said = screen.getByTestId("risk-banner").textContent;
  expect(said?.match(/不想活了/g)).toHaveLength(1);
  expect(said).toContain("「不想活了」（自杀意图、希望死去） + 「现在站在桥上」（危险地点）");
  expect(said).not.toContain("很长的一句话");
});
