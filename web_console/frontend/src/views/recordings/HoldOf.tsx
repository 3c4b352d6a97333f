import { Button } from "@mantine/core";
import { useState } from "react";
import { type LegalHold, liftHold, placeHold, standing } from "../../data/recordings";
import { may, useUser } from "../../data/session";
import { useAct } from "../../ui/act";
import { Confirm } from "../../ui/confirm";
import { useLanguage, useWords } from "../../words/words";
import { dateTime } from "../contacts/naming";
import classes from "./recordings.module.css";

/** Whether anything of this contact may be deleted, and a supervisor's say in it. */
export function HoldOf({ contactId, holds, changed }: { contactId: string; holds: readonly LegalHold[]; changed: () => void }) {
  const t = useWords("recordings");
  const language = useLanguage();
  const user = useUser();
  const { act } = useAct();
  const [asking, setAsking] = useState(false);
  const hold = standing(holds);
  const key = hold ? "hold_lift" : "hold_place";
  const go = (reason: string) =>
    act(async () => {
      await (hold ? liftHold(contactId, reason) : placeHold(contactId, reason));
      changed();
    });
  return (
    <>
      <h3 className={classes["dim"]}>{t("hold")}</h3>
      {hold ? (
        <p className={classes["dim"]} data-testid="legal-hold">
          {t("hold_standing", { name: hold.placed_by?.name ?? "–", day: dateTime(hold.placed_at, language) })} {t("hold_reason", { reason: hold.reason })}
        </p>
      ) : null}
      {may(user, "legal.hold") ? (
        <Button size="compact-xs" variant="default" onClick={() => setAsking(true)} data-testid="legal-hold-ask">
          {t(key)}
        </Button>
      ) : null}
      <Confirm opened={asking} title={t(key)} consequence={t(`${key}_body`)} confirm={t(key)} reason={t("hold_why")} onConfirm={go} onClose={() => setAsking(false)} />
    </>
  );
}
