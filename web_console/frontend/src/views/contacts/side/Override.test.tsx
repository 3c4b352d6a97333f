import { screen } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import type { Contact } from "../../../data/contacts";
import { useSession } from "../../../data/session";
import { show } from "../../../testingRender";
import { Override } from "./Override";

const contact = { id: "con_1", level: "imminent" } as unknown as Contact;
const signedIn = (...roles: string[]) => useSession.setState({ user: { id: "stf_1", roles, permissions: roles.includes("supervisor") ? ["contact.supervise"] : [] } } as never);

beforeEach(() => signedIn("counselor"));

it("offers a counselor no form in which nothing can be chosen", () => {
  show(<Override contact={contact} />);
  expect(screen.queryByTestId("override-open")).toBeNull();
  expect(screen.getByText(/needs a supervisor/)).toBeTruthy();
});

it("offers it to a supervisor", () => {
  signedIn("supervisor");
  show(<Override contact={contact} />);
  expect(screen.getByTestId("override-open")).toBeTruthy();
});
