import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Contact } from "../../data/contacts";
import { type ContactRecordings, fetchRecordings, type Listening, listenTo, type Recording } from "../../data/recordings";
import { useAct } from "../../ui/act";
import { running } from "../../ui/clock";
import { Confirm } from "../../ui/confirm";
import { NextStep } from "../../ui/NextStep";
import { Failed, Loading } from "../../ui/states";
import { useLanguage, useWords } from "../../words/words";
import { dateTime } from "../contacts/naming";
import { HoldOf } from "./HoldOf";
import { Player } from "./Player";
import classes from "./recordings.module.css";

/** What was recorded of this call: for who serves it to know, for who may listen to hear, with a reason. */
export function RecordingsSection({ contact }: { contact: Contact }) {
  const t = useWords("recordings");
  const moment = [contact.state, contact.recording?.state ?? "", contact.recording?.consent ?? ""].join();
  const { data, error, isPending, refetch } = useQuery({ queryKey: ["recordings", contact.id, moment], queryFn: () => fetchRecordings(contact.id) });
  if (isPending) return <Loading rows={2} />;
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data.policy && data.recordings.length === 0) return null;
  const again = () => void refetch();
  return (
    <section data-testid="recordings">
      <h2 className={classes["dim"]}>{t("recordings")}</h2>
      {data.recordings.length === 0 ? <p className={classes["dim"]}>{t("recordings_none")}</p> : null}
      <ul className={classes["list"]}>
        {data.recordings.map((each) => (
          <li key={each.id} data-testid="recording" data-state={each.state}>
            <One recording={each} mayListen={data.may_listen} changed={again} />
          </li>
        ))}
      </ul>
      {data.may_listen && data.recordings.length > 0 ? <WhoListened listened={data.listened} /> : null}
      {data.recordings.length > 0 || data.holds.length > 0 ? <HoldOf contactId={contact.id} holds={data.holds} changed={again} /> : null}
    </section>
  );
}

const WHY = ["retention", "erased", "not_wanted", "given_up"] as const;
const TROUBLE = ["not_fetched", "not_removed", "missing", "broken"] as const;

function One({ recording, mayListen, changed }: { recording: Recording; mayListen: boolean; changed: () => void }) {
  const t = useWords("recordings");
  const language = useLanguage();
  const { act } = useAct();
  const [asking, setAsking] = useState(false);
  const [listening, setListening] = useState<Listening | null>(null);
  const why = WHY.find((each) => each === recording.deleted_why);
  const trouble = TROUBLE.find((each) => each === recording.trouble);
  const listen = (reason: string) =>
    act(async () => {
      setListening(await listenTo(recording.id, reason));
      changed();
    });
  return (
    <>
      <div className={classes["row"]}>
        <time dateTime={recording.made_at}>{dateTime(recording.made_at, language)}</time>
        {recording.seconds === null ? null : <span className="tabular">{running(recording.seconds)}</span>}
        <span className={classes["dim"]}>{t(`kept_${recording.state}`)}</span>
        {why ? <span className={classes["dim"]}>{t(`why_${why}`)}</span> : null}
        {mayListen && recording.state === "kept" && !listening ? (
          <Button size="compact-xs" variant="default" onClick={() => setAsking(true)} data-testid="recording-listen">
            {t("listen")}
          </Button>
        ) : null}
      </div>
      {trouble ? <p className={classes["warns"]}>{t(`trouble_${trouble}`)}</p> : null}
      {recording.next && recording.state === "kept" ? <NextStep next={{ ...recording.next, who: null }} className={classes["dim"] ?? ""} /> : null}
      {listening ? <Player listening={listening} /> : null}
      <Confirm opened={asking} title={t("listen")} consequence={t("listen_body")} confirm={t("listen")} reason={t("listen_reason")} onConfirm={listen} onClose={() => setAsking(false)} />
    </>
  );
}

function WhoListened({ listened }: Pick<ContactRecordings, "listened">) {
  const t = useWords("recordings");
  const language = useLanguage();
  return (
    <>
      <h3 className={classes["dim"]}>{t("listened")}</h3>
      {listened.length === 0 ? <p className={classes["dim"]}>{t("listened_none")}</p> : null}
      <ul className={classes["list"]} data-testid="recording-listened">
        {listened.map((each, index) => (
          <li key={index} className={classes["row"]}>
            <b>{each.by?.name}</b>
            <time dateTime={each.at}>{dateTime(each.at, language)}</time>
            <span className={classes["dim"]}>{each.reason}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
