import { Stack, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { fetchNotes } from "../../../data/contactCommands";
import { useDraft } from "../../../data/drafts";
import { Failed, Loading } from "../../../ui/states";
import { useLanguage, useWords } from "../../../words/words";
import { RecordingsSection } from "../../recordings/RecordingsSection";
import { dateTime } from "../naming";
import type { SideProps } from "../SidePanel";
import classes from "./side.module.css";

export function NotesTab({ contact }: SideProps) {
  const t = useWords("desk");
  const [note, setNote] = useDraft(contact.id, "note");
  return (
    <Stack gap="lg">
      {contact.state === "closed" ? null : (
        <Textarea
          label={`${t("notes_draft")} · ${t("saved_automatically")}`}
          description={t("notes_draft_hint")}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          maxLength={2000}
          autosize
          minRows={6}
          data-testid="note-draft"
        />
      )}
      <Past contact={contact} />
      {contact.channel === "call" ? <RecordingsSection contact={contact} /> : null}
    </Stack>
  );
}

function Past({ contact }: Pick<SideProps, "contact">) {
  const t = useWords("desk");
  const language = useLanguage();
  const { data, error, isPending, refetch } = useQuery({ queryKey: ["notes", contact.id, contact.state, contact.counselor?.id], queryFn: () => fetchNotes(contact.id) });
  if (isPending) return <Loading rows={2} />;
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  return (
    <section>
      <h2 className={classes["heading"]}>{t("notes_past")}</h2>
      {data.items.length === 0 ? <p className={classes["dim"]}>{t("notes_none")}</p> : null}
      <ul className={classes["evidence"]}>
        {data.items.map((note, index) => (
          <li key={index}>
            <div>
              <b>{note.by?.name}</b>
              <time dateTime={note.at}>{dateTime(note.at, language)}</time>
              <span style={{ width: "100%", color: "var(--ink)", whiteSpace: "pre-wrap" }}>{note.text}</span>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
