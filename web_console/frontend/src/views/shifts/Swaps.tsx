import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { may, useUser } from "../../data/session";
import { useKnown } from "../../data/store";
import { fetchSwaps, isOpen, moveSwap, movesOf, newestSwaps, type Swap, type SwapMove } from "../../data/swaps";
import { useAct } from "../../ui/act";
import { NextStep } from "../../ui/NextStep";
import { useLanguage, useWords } from "../../words/words";
import classes from "./Shifts.module.css";
import { dayName, hour } from "./times";

/** How many that are over are shown: what became of one's own, not the history of the service. */
const OVER = 3;

const WORDS: Record<SwapMove, "swap_take" | "swap_approve" | "swap_refuse" | "swap_decline" | "swap_withdraw" | "swap_step_back"> = {
  take: "swap_take",
  approve: "swap_approve",
  refuse: "swap_refuse",
  decline: "swap_decline",
  withdraw: "swap_withdraw",
  "step-back": "swap_step_back",
};
const FORWARD: readonly SwapMove[] = ["take", "approve"];

/** Shifts that colleagues give away: who takes one, and what the supervisor says. Nothing is shown where there are none. */
export function Swaps() {
  const t = useWords("shifts");
  const told = useKnown((known) => known.shiftSwaps);
  const { data } = useQuery({ queryKey: ["shift-swaps"], queryFn: fetchSwaps });
  const shown = useMemo(() => newestSwaps(data?.items ?? [], told, OVER), [data, told]);
  if (shown.length === 0) return null;
  return (
    <section className={classes["panel"]} aria-label={t("swaps")} data-testid="swaps">
      <h2>{t("swaps")}</h2>
      {shown.map((swap) => (
        <Shown key={swap.id} swap={swap} />
      ))}
    </section>
  );
}

function Shown({ swap }: { swap: Swap }) {
  const t = useWords("shifts");
  const language = useLanguage();
  const user = useUser();
  const { act, busy } = useAct();
  const moves = movesOf(swap, user.id, user.roles, may(user, "shift.plan"));
  const names = { giver: swap.given_by?.name ?? "–", asked: swap.asked?.name ?? "–", taker: swap.taken_by?.name ?? "–", decider: swap.decided_by?.name ?? "–" };
  const said = swap.state === "offered" ? t(swap.asked ? "swap_offered_to" : "swap_offered", names) : t(`swap_${swap.state}`, names);
  return (
    <article className={classes["handover"]} data-testid="swap" data-swap={swap.id} data-state={swap.state}>
      <b className="tabular">{`${dayName(new Date(swap.starts_at), language)} ${hour(swap.starts_at, language)}–${hour(swap.ends_at, language)} · ${t(`role_${swap.role}`)}`}</b>
      <span>{said}</span>
      {isOpen(swap) ? (
        <span className={classes["dim"]}>
          <NextStep next={swap.next} />
        </span>
      ) : null}
      {moves.length > 0 ? (
        <Group gap="xs">
          {moves.map((move) => (
            <Button key={move} size="compact-sm" variant={FORWARD.includes(move) ? "filled" : "default"} loading={busy} onClick={() => void act(() => moveSwap(swap.id, move))} data-testid={`swap-${move}`}>
              {t(WORDS[move])}
            </Button>
          ))}
        </Group>
      ) : null}
    </article>
  );
}
