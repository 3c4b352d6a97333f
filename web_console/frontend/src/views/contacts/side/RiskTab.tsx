import { Button, Group, Stack } from "@mantine/core";
import { useState } from "react";
import { LevelChip } from "../../../ui/LevelChip";
import { useWords } from "../../../words/words";
import { AskSupervisor, type DialogName } from "../dialogs";
import { RaiseAlert } from "../RaiseAlert";
import type { SideProps } from "../SidePanel";
import { AlertNotice } from "./AlertNotice";
import { Guidance } from "./Guidance";
import { EvidenceList } from "./EvidenceList";
import { History } from "./History";
import { Override } from "./Override";
import classes from "./side.module.css";
import { Steps } from "./Steps";
import { Suggestion } from "./Suggestion";

export function RiskTab({ contact, openTab }: SideProps) {
  const t = useWords("desk");
  const [dialog, setDialog] = useState<DialogName | null>(null);
  // How often it was asked for: asked again, the form opens again.
  const [raising, setRaising] = useState(0);
  const acting = contact.state === "active" || contact.state === "waiting";
  return (
    <Stack gap="lg">
      <section>
        <Group justify="space-between">
          <LevelChip level={contact.level} act={contact.act_in_progress} />
          <span className={classes["dim"]}>{t(`source_${contact.level_source}`)}</span>
        </Group>
        <History contact={contact} />
      </section>
      <Suggestion contact={contact} onRaise={() => setRaising((times) => times + 1)} />
      <AlertNotice contact={contact} />
      {acting ? (
        <Group grow>
          <Button variant="default" px="xs" onClick={() => setDialog("alert")} data-testid="risk-raise-alert">
            {t("raise_alert")}
          </Button>
          <Button variant="default" px="xs" onClick={() => setDialog("help")} data-testid="risk-ask-supervisor">
            {t("ask_supervisor")}
          </Button>
        </Group>
      ) : null}
      <Steps contact={contact} openTab={openTab} openDialog={setDialog} />
      <Guidance contact={contact} />
      <EvidenceList contact={contact} />
      {contact.state === "closed" ? null : <Override key={raising} contact={contact} proposed={raising > 0 ? "imminent" : null} />}
      <RaiseAlert contact={contact} opened={dialog === "alert"} onClose={() => setDialog(null)} />
      <AskSupervisor contact={contact} opened={dialog === "help"} onClose={() => setDialog(null)} />
    </Stack>
  );
}
