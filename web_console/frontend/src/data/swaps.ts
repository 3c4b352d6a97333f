import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";
import { learn } from "./store";
import type { Table } from "./table";

/** Somebody's own shift of one day, offered to a colleague or to whoever may do it. */
export type Swap = Schemas["ShiftSwapView"];
export type SwapMove = "take" | "approve" | "refuse" | "decline" | "withdraw" | "step-back";

export const fetchSwaps = () => http.get<{ items: Swap[] }>("/api/shift-swaps");
export const offerShift = async (shift_id: string, day: string, asked_id: string | null, key: string) =>
  learn("shift_swap", await http.post<Swap>("/api/shift-swaps", { shift_id, day, asked_id }, { idempotencyKey: key }));
export const moveSwap = async (id: string, move: SwapMove) => learn("shift_swap", await http.post<Swap>(`/api/shift-swaps/${id}/${move}`));

export const isOpen = (swap: Swap): boolean => swap.state === "offered" || swap.state === "taken";

/** What this person may do with it now, the way forward first. */
export function movesOf(swap: Swap, me: string, roles: readonly string[], plans: boolean): SwapMove[] {
  const [given, taken] = [swap.given_by?.id === me, swap.taken_by?.id === me];
  const suits = !given && (swap.asked === null ? roles.includes(swap.role) || roles.includes("supervisor") : swap.asked.id === me);
  const moves: SwapMove[] = [];
  if (swap.state === "taken" && plans) moves.push("approve");
  if (swap.state === "offered" && suits) moves.push("take");
  if (swap.state === "offered" && swap.asked?.id === me) moves.push("decline");
  if (swap.state === "taken" && taken) moves.push("step-back");
  if (isOpen(swap) && given) moves.push("withdraw");
  else if (isOpen(swap) && plans) moves.push("refuse");
  return moves;
}

/** What was told since counts before what was fetched: the open ones by their day, then the latest that are over. */
export function newestSwaps(fetched: readonly Swap[], told: Table<Swap>, over: number): Swap[] {
  const all = Object.values({ ...Object.fromEntries(fetched.map((one) => [one.id, one])), ...told });
  const open = all.filter(isOpen).sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at));
  const closed = all.filter((one) => !isOpen(one)).sort((a, b) => Date.parse(b.made_at) - Date.parse(a.made_at));
  return [...open, ...closed.slice(0, over)];
}
