import type { ReactNode } from "react";
import { type Figure, type Share, thisWeek } from "../../data/triage";
import { Icon } from "../../ui/Icon";
import { useLanguage, useWords } from "../../words/words";
import classes from "./Triage.module.css";

interface Props {
  title: string;
  figures: readonly Figure[];
  name: (figure: Figure) => string;
  perMille?: boolean;
  wide?: boolean;
  foot?: ReactNode;
}

/** Shares of one kind: this week, before, by week as columns, and a plain mark where one moved. */
export function FigureTable({ title, figures, name, perMille = false, wide = false, foot }: Props) {
  const t = useWords("triage");
  if (figures.length === 0) return null;
  return (
    <section className={`${classes["card"]} ${wide ? classes["wide"] : ""}`}>
      <h2>{title}</h2>
      <div className={classes["scroll"]} tabIndex={0} role="group" aria-label={title}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("column_name")}</th>
              <th scope="col">{t("column_now")}</th>
              <th scope="col">{t("column_before")}</th>
              <th scope="col">{t("column_series")}</th>
              <th scope="col">{t("column_moved")}</th>
            </tr>
          </thead>
          <tbody>
            {figures.map((figure) => (
              <tr key={figure.name} data-testid="triage-figure" data-figure={figure.name} data-moved={figure.moved ?? undefined}>
                <th scope="row">{name(figure)}</th>
                <td className="tabular">
                  <Value share={thisWeek(figure)} perMille={perMille} counted />
                </td>
                <td className="tabular">
                  <Value share={figure.before} perMille={perMille} />
                </td>
                <td>
                  <Columns series={figure.series} />
                </td>
                <td>
                  <Moved figure={figure} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {foot}
    </section>
  );
}

function Value({ share, perMille, counted = false }: { share: Share; perMille: boolean; counted?: boolean }) {
  const t = useWords("triage");
  const language = useLanguage();
  if (share.share === null) return "–";
  const digits = { maximumFractionDigits: share.share < 0.1 ? 1 : 0 };
  const written = perMille ? t("per_mille", { n: (1000 * share.share).toLocaleString(language, digits) }) : share.share.toLocaleString(language, { style: "percent", ...digits });
  return (
    <>
      {written}
      {counted ? (
        <small>
          {" "}
          {share.hits}/{share.of}
        </small>
      ) : null}
    </>
  );
}

const WIDTH = 96;
const HEIGHT = 20;

/** One column a week, the last one darker. The figures beside it say the same in numbers. */
function Columns({ series }: { series: readonly Share[] }) {
  const top = Math.max(...series.map((share) => share.share ?? 0));
  const step = WIDTH / series.length;
  return (
    <svg width={WIDTH} height={HEIGHT} aria-hidden="true">
      <line x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} stroke="var(--rule)" />
      {series.map((share, index) => {
        if (share.share === null || top === 0) return null;
        const tall = Math.max(share.hits > 0 ? 2 : 0, (HEIGHT - 2) * (share.share / top));
        return <rect key={index} x={index * step + 1} width={Math.max(1, step - 2)} y={HEIGHT - 1 - tall} height={tall} fill={index === series.length - 1 ? "var(--accent)" : "var(--rule-strong)"} />;
      })}
    </svg>
  );
}

function Moved({ figure }: { figure: Figure }) {
  const t = useWords("triage");
  const language = useLanguage();
  if (figure.z === null) return <small>{t("too_few")}</small>;
  const z = `z ${figure.z.toLocaleString(language, { maximumFractionDigits: 1, signDisplay: "exceptZero" })}`;
  if (figure.moved === null) return <small className="tabular">{z}</small>;
  return (
    <b className={classes["moved"]}>
      <Icon name={figure.moved} size={14} /> {t(`moved_${figure.moved}`)} <small className="tabular">{z}</small>
    </b>
  );
}
