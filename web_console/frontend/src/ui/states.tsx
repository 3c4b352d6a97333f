import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Problem } from "../wire/problem";
import words from "../words/zh-CN/ui";
import { useWords } from "../words/words";
import { Icon, type IconName } from "./Icon";
import classes from "./states.module.css";

interface Blank {
  icon?: IconName;
  title: string;
  body?: string;
  action?: ReactNode;
}

/** Nothing to show: says why, and what to do next. */
export function Empty({ icon = "check", title, body, action }: Blank) {
  return (
    <div className={classes["state"]} data-testid="state-empty">
      <Icon name={icon} size={28} />
      <p className={classes["title"]}>{title}</p>
      {body ? <p>{body}</p> : null}
      {action}
    </div>
  );
}

/** Grey bars in the place of what comes; they appear only after 300 ms, so a quick answer does not flicker. */
export function Loading({ rows = 3 }: { rows?: number }) {
  const t = useWords("ui");
  return (
    <div className={classes["loading"]} role="status" aria-label={t("loading")} data-testid="state-loading">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={classes["bar"]} style={{ width: `${90 - 17 * (row % 3)}%` }} />
      ))}
    </div>
  );
}

/** It did not load: what happened in words, and a way on. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useWords("ui");
  const explain = useExplain();
  return (
    <div className={classes["state"]} role="alert" data-testid="state-failed">
      <Icon name="offline" size={28} />
      <p className={classes["title"]}>{t("failed_title")}</p>
      <p>{error instanceof Problem ? explain(error) : t("failed_body")}</p>
      {retry ? (
        <Button variant="default" size="xs" onClick={retry}>
          {t("retry")}
        </Button>
      ) : null}
    </div>
  );
}

type Refusal = Extract<keyof typeof words, `error_${string}`>;

/** A refusal in the reader's words (the server's own `detail` is English; it is shown only where no sentence of ours fits). */
export function useExplain(): (error: unknown) => string {
  const t = useWords("ui");
  return (error) => {
    const word = error instanceof Problem ? `error_${error.code}` : "error_failed";
    return t(word in words ? (word as Refusal) : "error_failed");
  };
}
