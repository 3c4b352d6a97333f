/** The telephones that people of the service carry: which, in what order, what they read and hear. */
import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";

export type DutyPhones = Schemas["DutyPhonesView"];
export type DutyPhonesWish = Schemas["DutyPhonesBody"];

export const fetchDutyPhones = () => http.get<DutyPhones>("/api/duty-phones");
export const saveDutyPhones = (wish: DutyPhonesWish) => http.put<DutyPhones>("/api/duty-phones", wish);

/** The same with this one a place earlier. */
export function earlier(numbers: readonly string[], at: number): string[] {
  const moved = [...numbers];
  if (at > 0) moved.splice(at - 1, 2, numbers[at]!, numbers[at - 1]!);
  return moved;
}
