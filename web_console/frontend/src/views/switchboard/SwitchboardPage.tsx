import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import { type Divert, type QueueLine, queueLines } from "../../data/diversions";
import { may, useUser } from "../../data/session";
import { useSkills } from "../../data/skills";
import { useKnown } from "../../data/store";
import { Icon } from "../../ui/Icon";
import { Empty, Loading } from "../../ui/states";
import { Timer } from "../../ui/Timer";
import { useWords } from "../../words/words";
import { DivertDialog } from "./DivertDialog";
import { Diversions, useQueueName } from "./Diversions";
import { Ringing } from "./Ringing";
import { SkillsTable } from "./SkillsTable";
import classes from "./Switchboard.module.css";

type Queue = Pick<Divert, "channel" | "language" | "skill">;

/** Who waits for what, what is diverted, and who can do what. */
export default function SwitchboardPage() {
  const t = useWords("switchboard");
  const ready = useKnown((known) => known.ready);
  const diverts = may(useUser(), "queue.divert");
  const partner = useSkills()?.partner_number;
  const [asked, setAsked] = useState<Queue | null>(null);
  if (!ready) return <Loading rows={5} />;
  return (
    <div className={classes["page"]} data-testid="switchboard">
      <header>
        <h1>{t("title")}</h1>
        {partner ? <span className={classes["dim"]}>{t("partner_number", { number: partner })}</span> : null}
        {diverts ? (
          <Button onClick={() => setAsked({ channel: null, language: null, skill: null })} leftSection={<Icon name="transfer" size={16} />} data-testid="divert-new">
            {t("divert")}
          </Button>
        ) : null}
      </header>
      <section>
        <h2>{t("in_force")}</h2>
        <Diversions />
      </section>
      <section>
        <h2>{t("queues")}</h2>
        <Queues onDivert={diverts ? setAsked : null} />
      </section>
      <section aria-labelledby="ringing">
        <h2 id="ringing">{t("ringing")}</h2>
        <Ringing changes={diverts} />
      </section>
      <section>
        <h2>{t("skills")}</h2>
        <SkillsTable />
      </section>
      <DivertDialog opened={asked !== null} queue={asked} onClose={() => setAsked(null)} />
    </div>
  );
}

function Queues({ onDivert }: { onDivert: ((queue: Queue) => void) | null }) {
  const t = useWords("switchboard");
  const contacts = useKnown((known) => known.contacts);
  const presences = useKnown((known) => known.presences);
  const lines = useMemo(() => queueLines(contacts, presences), [contacts, presences]);
  if (lines.length === 0) return <Empty icon="clock" title={t("nobody_waits")} />;
  return (
    <ul className={classes["queues"]} data-testid="queues">
      {lines.map((line) => (
        <Line key={`${line.channel} ${line.language} ${line.skill}`} line={line} onDivert={onDivert} />
      ))}
    </ul>
  );
}

function Line({ line, onDivert }: { line: QueueLine; onDivert: ((queue: Queue) => void) | null }) {
  const t = useWords("switchboard");
  const name = useQueueName()(line);
  return (
    <li data-testid="queue-line" data-unable={line.able === 0 || undefined}>
      <Icon name={line.channel} size={16} />
      <b>{name}</b>
      <span>{t("waiting", { n: line.waiting })}</span>
      <span>
        {t("longest")} {line.longestSince ? <Timer since={line.longestSince} /> : "–"}
      </span>
      <span className={classes["able"]}>{t("able", { n: line.able })}</span>
      {onDivert ? (
        <Button size="xs" variant="default" onClick={() => onDivert({ channel: line.channel as Queue["channel"], language: line.language as Queue["language"], skill: line.skill })} aria-label={`${t("divert")}: ${name}`}>
          {t("divert")}
        </Button>
      ) : null}
    </li>
  );
}
