import type { Contact } from "../../data/contacts";
import type { User } from "../../data/people";
import { may } from "../../data/session";

/** What to show; the server decides what is allowed. */
export const holds = (user: User, contact: Contact): boolean => contact.counselor?.id === user.id;
export const joined = (user: User, contact: Contact): boolean => contact.joined.some((one) => one.id === user.id);
export const supervises = (user: User): boolean => may(user, "contact.supervise");
export const canRead = (user: User, contact: Contact): boolean => holds(user, contact) || joined(user, contact) || supervises(user);
export const canWrite = (user: User, contact: Contact): boolean => contact.state === "active" && (holds(user, contact) || joined(user, contact));
