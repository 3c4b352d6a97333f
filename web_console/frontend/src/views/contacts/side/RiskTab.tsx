import { Button, Group, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchAssessments } from "../../../data/contactCommands";
import { useKnown } from "../../../data/store";
import { LevelChip } from "../../../ui/LevelChip";
import { useLanguage, usePick, useWords } from "../../../words/words";
import { AskSupervisor, type DialogName } from "../dialogs";
import { focusMessage } from "../focusedMessage";
import { clockTime } from "../naming";
import { RaiseAlert } from "../RaiseAlert";
import { quoteOf } from "../RiskBanner";
import type { SideProps } from "../SidePanel";

import { AlertNotice } from "./AlertNotice";
import { Guidance } from "./Guidance";
import { LevelOverTime } from "./LevelOverTime";
import { Override } from "./Override";
import classes from "./side.module.css";
import { Steps } from "./Steps";

export function RiskTab({ contact, openTab }: SideProps) {
  const t = useWords("desk");
  const [dialog, setDialog] = useState<DialogName | null>(null);
  const acting = contact.state === "active" || contact.state === "waiting";
  return (
    <Stack gap="lg">
      <section>
        <Group justify="space-between">
          <LevelChip level={contact.level} act={contact.act_in_progress} />
          <span className={classes["dim"]}>{t(`source_${contact.level_source}`)}</span>
        </Group>
        <History {...{ contact }} />
      </section>
      <AlertNotice contact={contact} />
      {acting ? (
        <Group grow>
          <Button variant="default" onClick={() => setDialog("alert")} data-testid="risk-raise-alert">
            {t("raise_alert")}
          </Button>
          <Button variant="default" onClick={() => setDialog("help")} data-testid="risk-ask-supervisor">
            {t("ask_supervisor")}
          </Button>
        </Group>
      ) : null}
      <Steps contact={contact} openTab={openTab} openDialog={setDialog} />
      <Guidance contact={contact} />
      <Evidence contact={contact} openTab={openTab} />
      {contact.state === "closed" ? null : <Override contact={contact} />}
      <RaiseAlert contact={contact} opened={dialog === "alert"} onClose={() => setDialog(null)} />
      <AskSupervisor contact={contact} opened={dialog === "help"} onClose={() => setDialog(null)} />
    </Stack>
  );
}

function History({ contact }: Pick<SideProps, "contact">) {
  // Read again when the level or what it stands on changes, not with every message.
  const { data } = useQuery({
    queryKey: ["assessments", contact.id, contact.level, contact.reasons.length, contact.override?.at, contact.instrument_floor],
    queryFn: () => fetchAssessments(contact.id),
    placeholderData: (held) => held,
  });
  return <LevelOverTime points={data?.items ?? []} />;
}

function Evidence({ contact }: SideProps) {
  const t = useWords("desk");
  const pick = usePick();
  const language = useLanguage();
  const messages = useKnown((known) => known.messages[contact.id]);
  const reasons = [...contact.reasons].sort((a, b) => (b.seq ?? 0) - (a.seq ?? 0));
  return (
    <section>
      <h2 className={classes["heading"]}>{t("evidence")}</h2>
      {reasons.length === 0 ? <p className={classes["dim"]}>{t("evidence_none")}</p> : null}
      <ul className={classes["evidence"]} data-testid="evidence-list">
        {reasons.map((reason, index) => {
          const text = quoteOf(reason, messages);
          const message = messages?.find((one) => one.seq === reason.seq);
          const inside = (
            <>
              {text ? <b>“{text}”</b> : null}
              <span>{pick(reason, "why")}</span>
              {message ? <time dateTime={message.at}>{clockTime(message.at, language)}</time> : null}
            </>
          );
          return (
            <li key={index}>
              {reason.seq === null ? (
                <div>{inside}</div>
              ) : (
                <button type="button" title={t("evidence_jump")} onClick={() => focusMessage(contact.id, reason.seq!)}>
                  {inside}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
