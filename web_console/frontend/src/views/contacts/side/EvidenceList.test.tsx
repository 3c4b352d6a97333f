import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Contact } from "../../../data/contacts";
import type { Level } from "../../../data/levels";
import { show } from "../../../testingRender";
import { EvidenceList } from "./EvidenceList";

const contact = (level: Level) => ({ id: "con_1", level, reasons: [] }) as unknown as Contact;

it("does not say that nothing was found where nothing was looked at", () => {
  show(<EvidenceList contact={contact("unassessed")} />, "en");
  expect(screen.getByText("Nothing has been assessed yet")).toBeTruthy();
  expect(screen.queryByText(/No sign of danger/)).toBeNull();
});

it("says that no sign was found where a text was assessed", () => {
  show(<EvidenceList contact={contact("none")} />, "en");
  expect(screen.getByText("No sign of danger has been found")).toBeTruthy();
});
