import { Button, TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { type Fact, factsOf, fetchJournal, type JournalEntry, type Names } from "../../data/journal";
import { Empty, Failed, Loading } from "../../ui/states";
import { useWords } from "../../words/words";
import { useClockTime } from "../dispatch/Timeline";
import { useEventWords } from "./eventWords";
import classes from "./Journal.module.css";

/** Who did what to which thing; one thing's whole story by its id. */
export default function JournalPage() {
  const t = useWords("journal");
  const [, go] = useLocation();
  const subject = new URLSearchParams(useSearch()).get("subject") ?? "";
  const show = (id: string) => go(`/journal?${id ? `subject=${encodeURIComponent(id)}` : ""}`);
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: ["journal", subject],
    queryFn: ({ pageParam }) => fetchJournal(subject, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
  });
  const entries = data?.pages.flatMap((page) => page.items) ?? [];
  const names: Names = Object.assign({}, ...(data?.pages.map((page) => page.names) ?? []));
  return (
    <div className={classes["page"]} data-testid="journal-page">
      <header>
        <h1>{t("title")}</h1>
        <p>{t("intro")}</p>
      </header>
      <Finder key={subject} subject={subject} onFind={show} />
      {isPending ? <Loading rows={6} /> : null}
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {data && entries.length === 0 ? <Empty icon="search" title={t("none")} {...(subject ? { body: t("none_body") } : {})} /> : null}
      {entries.length > 0 ? <Entries entries={entries} names={names} onSubject={show} /> : null}
      {hasNextPage ? (
        <Button variant="default" mt="md" loading={isFetchingNextPage} onClick={() => void fetchNextPage()} data-testid="journal-more">
          {t("more")}
        </Button>
      ) : null}
    </div>
  );
}

function Finder({ subject, onFind }: { subject: string; onFind: (id: string) => void }) {
  const t = useWords("journal");
  const [text, setText] = useState(subject);
  const find = (event: FormEvent) => {
    event.preventDefault();
    onFind(text.trim());
  };
  return (
    <form className={classes["finder"]} onSubmit={find} role="search">
      <TextInput label={t("subject")} description={t("subject_help")} value={text} onChange={(event) => setText(event.currentTarget.value)} maxLength={64} data-testid="journal-subject" />
      <Button type="submit" variant="default" data-testid="journal-find">
        {t("find")}
      </Button>
      {subject ? (
        <Button variant="subtle" color="gray" onClick={() => onFind("")} data-testid="journal-all">
          {t("clear")}
        </Button>
      ) : null}
    </form>
  );
}

function Entries({ entries, names, onSubject }: { entries: readonly JournalEntry[]; names: Names; onSubject: (id: string) => void }) {
  const t = useWords("journal");
  const say = useEventWords(names);
  const at = useClockTime();
  return (
    <div className={classes["table"]}>
      <table>
        <thead>
          <tr>
            {(["at", "actor", "kind", "subject", "facts"] as const).map((column) => (
              <th key={column} scope="col">
                {t(`column_${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={`${entry.node}.${entry.seq}`} data-testid="journal-entry" data-kind={entry.kind}>
              <td className="tabular">
                <time dateTime={entry.at}>{at(entry.at)}</time>
              </td>
              <td>{typeof entry.actor === "string" ? say.actor(entry.actor) : entry.actor.name}</td>
              <td title={entry.kind}>{say.happening(entry.kind)}</td>
              <td>
                <button type="button" onClick={() => onSubject(entry.subject)} title={`${t("only")}: ${entry.subject}`}>
                  {say.id(entry.subject)}
                </button>
              </td>
              <td className={classes["facts"]}>
                <Facts entry={entry} names={names} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Facts({ entry, names }: { entry: JournalEntry; names: Names }) {
  const t = useWords("journal");
  const { said, state } = factsOf(entry);
  return (
    <>
      <Pairs facts={said} names={names} />
      {state.length > 0 ? (
        <details>
          <summary>{t("state_after")}</summary>
          <Pairs facts={state} names={names} />
        </details>
      ) : null}
    </>
  );
}

function Pairs({ facts, names }: { facts: readonly Fact[]; names: Names }) {
  const say = useEventWords(names);
  return facts.map(([name, value]) => (
    <span key={name} title={`${name} ${value}`}>
      <i>{say.fact(name)}</i> {say.value(value)}
    </span>
  ));
}
