import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Background as Known, fetchBackground, isKnown } from "../../data/background";
import type { Contact } from "../../data/contacts";
import { Icon } from "../../ui/Icon";
import { LevelChip } from "../../ui/LevelChip";
import { useLanguage, useWords } from "../../words/words";
import classes from "./Background.module.css";
import { dateTime } from "./naming";

export const backgroundKey = (contactId: string) => ["background", contactId];

/** A new state or holder may open more of it. */
export function useBackground(contactId: string, enabled = true): Known | undefined {
  const { data } = useQuery({ queryKey: backgroundKey(contactId), queryFn: () => fetchBackground(contactId), enabled, staleTime: 30_000 });
  return data;
}

/** Under the header: who this is to us. It names what to mind first, and the plan whole. */
export function BackgroundBanner({ contact }: { contact: Contact }) {
  const found = useBackground(contact.id, contact.person_id !== null && contact.state !== "closed");
  if (!found || !isKnown(found)) return null;
  return (
    <div className={classes["banner"]} data-testid="background">
      <KnownLine found={found} />
      {found.plan ? <PlanText found={found} /> : null}
    </div>
  );
}

/** One line: seen before, how often, how bad, what to mind. Also in the bar of an offer. */
export function KnownLine({ found }: { found: Known }) {
  const t = useWords("texts");
  const language = useLanguage();
  return (
    <p className={classes["line"]}>
      <Icon name="person" size={16} />
      <span>{found.count === 0 ? t("known_first") : t("known", { count: found.count })}</span>
      {found.is_frequent ? <b>{t("frequent")}</b> : null}
      {found.recently > 0 ? <span>{t("recently", { n: found.recently })}</span> : null}
      {found.peak_level && found.peak_level !== "none" ? (
        <span className={classes["peak"]}>
          {t("peak")} <LevelChip level={found.peak_level} />
        </span>
      ) : null}
      {found.open_alert ? (
        <b className={classes["flag"]} data-testid="earlier-alert">
          <Icon name="alert" size={13} /> {t("earlier_alert", { at: dateTime(found.open_alert.opened_at, language) })}
        </b>
      ) : null}
      {found.flags.map((flag) => (
        <span key={flag.id} className={classes["flag"]} data-testid="person-flag" data-code={flag.code}>
          <Icon name="alert" size={13} /> {t(`flag_${flag.code}`)}
          {flag.note ? `：${flag.note}` : null}
        </span>
      ))}
    </p>
  );
}

/** Longer than this the plan is folded: what is written below must stay in sight. */
const FOLDED = 160;

function PlanText({ found }: { found: Known }) {
  const t = useWords("texts");
  const language = useLanguage();
  const [open, setOpen] = useState(false);
  if (!found.plan) return null;
  const { text, by, at } = found.plan;
  const long = text.length > FOLDED;
  return (
    <div className={classes["plan"]} data-testid="person-plan">
      <b>{t("plan_title")}</b>
      <p>{long && !open ? `${text.slice(0, FOLDED)}…` : text}</p>
      <span className={classes["dim"]}>{by && at ? t("plan_by", { name: by.name, at: dateTime(at, language) }) : null}</span>
      {long ? (
        <Button size="compact-xs" variant="subtle" onClick={() => setOpen(!open)} aria-expanded={open}>
          {t(open ? "show_less" : "show_more")}
        </Button>
      ) : null}
    </div>
  );
}
