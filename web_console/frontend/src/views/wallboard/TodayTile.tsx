import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Link } from "wouter";
import { fetchToday, type Today } from "../../data/indicators";
import { may, useUser } from "../../data/session";
import { running } from "../../ui/clock";
import { Failed, Loading } from "../../ui/states";
import { usePick, useWords } from "../../words/words";
import { Tile } from "./Tile";
import classes from "./Wallboard.module.css";

const Sparkline = lazy(() => import("./Sparkline"));

/** The figures change with every contact; this often is often enough for rates of a day. */
const ASK_EVERY_MS = 15_000;

export function TodayTile() {
  const t = useWords("wallboard");
  const { data, error, refetch } = useQuery({ queryKey: ["indicators", "today"], queryFn: fetchToday, refetchInterval: ASK_EVERY_MS });
  return (
    <Tile area="today" title={t("today")} aside={data ? <span data-testid="today-counts">{t("counts", { offered: data.offered, answered: data.answered, abandoned: data.abandoned })}</span> : null}>
      {error && !data ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Loading rows={3} /> : null}
      {data ? <Figures today={data} /> : null}
    </Tile>
  );
}

function Figures({ today }: { today: Today }) {
  const t = useWords("wallboard");
  const pick = usePick();
  const percent = (rate: number | null) => (rate === null ? null : `${Math.round(rate * 100)}%`);
  const speed = today.average_speed_of_answer_s;
  const figure = (name: string, word: string, value: string | null) => {
    const definition = today.definitions[name];
    return (
      <div className={classes["rate"]} title={definition ? pick(definition) : undefined} data-testid={`today-${name}`}>
        {value === null ? <span className={classes["none_yet"]}>{t("none_yet")}</span> : <span className={classes["figure"]}>{value}</span>}
        <span>{word}</span>
      </div>
    );
  };
  return (
    <>
      <div className={classes["rates"]}>
        {figure("answer_rate", t("answer_rate"), percent(today.answer_rate))}
        {figure("average_speed_of_answer_s", t("speed"), speed === null ? null : running(speed))}
        {figure("abandonment_rate", t("abandonment"), percent(today.abandonment_rate))}
      </div>
      {today.sounds_in_trouble > 0 ? <Troubles count={today.sounds_in_trouble} /> : null}
      {today.hours.length > 0 ? (
        <figure className={classes["spark"]}>
          <Suspense fallback={null}>
            <Sparkline hours={today.hours} />
          </Suspense>
          <figcaption>
            {t("by_hour")}
            <ul className="visually-hidden">
              {today.hours.map((hour) => (
                <li key={hour.hour}>{t("hour_row", hour)}</li>
              ))}
            </ul>
          </figcaption>
        </figure>
      ) : null}
    </>
  );
}

/** Of recordings and messages left, for who may do something about it to follow. */
function Troubles({ count }: { count: number }) {
  const t = useWords("wallboard");
  const mends = may(useUser(), "recording.mend");
  const words = t("sounds_in_trouble", { n: count });
  return <p data-testid="today-sounds">{mends ? <Link href="/recordings">{words}</Link> : words}</p>;
}
