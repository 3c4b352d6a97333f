import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { openAlertOf } from "../../../data/alerts";
import { fetchAnswers } from "../../../data/instruments";
import { atLeast } from "../../../data/levels";
import { isStarted, usePlan } from "../../../data/safetyPlans";
import { useKnown } from "../../../data/store";
import { Icon } from "../../../ui/Icon";
import { useWords } from "../../../words/words";
import type { DialogName } from "../dialogs";
import type { SideProps } from "../SidePanel";
import classes from "./side.module.css";

type Step = "step_ask" | "step_means" | "step_supervisor" | "step_alert" | "step_plan";

/** What practice asks for at this level; ticked by what has in fact been done, not by hand. */
export function Steps({ contact, openTab, openDialog }: SideProps & { openDialog: (dialog: DialogName) => void }) {
  const t = useWords("desk");
  const alerts = useKnown((known) => known.alerts);
  const alert = useMemo(() => openAlertOf(alerts, contact.id), [alerts, contact.id]);
  const plan = usePlan(contact.id);
  const asked = useAsked(contact);
  if (!atLeast(contact.level, "moderate") || contact.state === "closed") return null;
  const grave = atLeast(contact.level, "high");
  const steps: { word: Step; done: boolean; go: () => void }[] = [
    // A report is no conversation in which one could ask.
    ...(contact.channel === "school" ? [] : [{ word: "step_ask" as const, done: asked, go: () => openTab("assess") }]),
    ...(contact.level === "imminent" ? [{ word: "step_alert" as const, done: alert !== null && alert.state !== "proposed", go: () => openDialog("alert") }] : []),
    ...(grave ? [{ word: "step_supervisor" as const, done: contact.help_requested_at !== null || contact.joined.length > 0, go: () => openDialog("help") }] : []),
    { word: "step_means", done: plan.environment.trim() !== "", go: () => openTab("plan") },
    { word: "step_plan", done: isStarted(plan), go: () => openTab("plan") },
  ];
  return (
    <section>
      <h2 className={classes["heading"]}>{t("steps")}</h2>
      <ul className={classes["steps"]} data-testid="steps">
        {steps.map(({ word, done, go }) => (
          <li key={word} data-done={done || undefined}>
            {done ? <Icon name="check" size={14} label={t("step_done")} /> : <i role="img" aria-label={t("step_todo")} />}
            {done ? (
              <span className={classes["done"]}>{t(word)}</span>
            ) : (
              <button type="button" onClick={go}>
                {t(word)}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Whether an instrument was filled. The floor alone does not say so: a key that says "in danger" sets it too. */
function useAsked(contact: Pick<SideProps["contact"], "id" | "instrument_floor">): boolean {
  const floor = contact.instrument_floor;
  const { data } = useQuery({ queryKey: ["answers", contact.id, floor], queryFn: () => fetchAnswers(contact.id), enabled: floor !== null });
  return (data?.items.length ?? 0) > 0;
}
