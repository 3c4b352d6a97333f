import { useQuery } from "@tanstack/react-query";
import { fetchLine, type TelephoneLine } from "../../data/telephoneLine";
import { Failed, Loading } from "../../ui/states";
import { useLanguage, useWords } from "../../words/words";
import { dateTime } from "../contacts/naming";
import { Blocks } from "./Blocks";
import { Hours } from "./Hours";
import classes from "./Line.module.css";
import { Notices } from "./Notices";

/** The telephone line: when it is open, what callers hear, and who is not put through. */
export default function LinePage() {
  const t = useWords("line");
  const { data, error, isPending, refetch } = useQuery({ queryKey: ["line"], queryFn: fetchLine });
  const changed = () => void refetch();
  return (
    <div className={classes["page"]} data-testid="line-page">
      <header>
        <h1>{t("title")}</h1>
        {data ? <Now line={data} /> : null}
      </header>
      {isPending ? <Loading rows={5} /> : null}
      {error ? <Failed error={error} retry={changed} /> : null}
      {data ? (
        <>
          <Hours key={data.version} line={data} onChanged={changed} />
          <Notices line={data} onChanged={changed} />
          <Blocks line={data} />
        </>
      ) : null}
    </div>
  );
}

function Now({ line }: { line: TelephoneLine }) {
  const t = useWords("line");
  const language = useLanguage();
  const opens = line.opens_at ? ` · ${t("opens", { time: dateTime(line.opens_at, language) })}` : "";
  return (
    <span className={classes["dim"]} data-testid="line-now">
      {line.open ? t("open_now") : `${t("closed_now")}${opens}`}
    </span>
  );
}
