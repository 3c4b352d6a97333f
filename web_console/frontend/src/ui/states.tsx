import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Problem } from "../wire/problem";
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

const KNOWN_CODES = ["offline", "forbidden", "not_found", "taken", "stale_version", "wrong_state", "invalid", "slow_down", "not_signed_in", "consent_needed", "duplicate", "full", "closing_proposed", "not_proposed", "no_visits", "not_assigned", "username_taken", "disabled", "not_connected", "no_room", "imminent_alone", "serves_imminent", "looks_away", "not_divertible", "diversion_over", "no_number", "still_open", "supervisor_needed", "offer_over", "nobody_waiting", "wrong_credentials", "wrong_code", "weak_password", "wrong_channel", "has_it_already", "not_there", "not_picked_up", "no_transfer", "transfer_going_on", "room_full", "not_in_room", "texts_stopped", "not_lost", "no_call", "not_recording", "nothing_to_fetch", "other_shift", "to_be_deleted", "no_trouble", "recording_deleted", "recording_not_here", "reason_needed", "held_already", "not_held", "legal_hold", "erased", "report_too_old", "audio_missing", "no_telephone", "not_audio", "too_large_audio", "blocked_already", "not_listened", "not_taken", "no_audio"] as const;

/** A refusal in the reader's words (the server's own `detail` is English; it is shown only where no sentence of ours fits). */
export function useExplain(): (error: unknown) => string {
  const t = useWords("ui");
  return (error) => {
    const code = error instanceof Problem ? KNOWN_CODES.find((known) => known === error.code) : undefined;
    return code ? t(`error_${code}`) : t("error_failed");
  };
}
