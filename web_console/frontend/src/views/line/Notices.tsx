import { Button, FileButton, Group } from "@mantine/core";
import { NOTICE_CODES, NOTICE_LANGUAGES, type Notice, removeNotice, type TelephoneLine, uploadNotice } from "../../data/telephoneLine";
import { useAct } from "../../ui/act";
import { useWords } from "../../words/words";
import classes from "./Line.module.css";

/** What callers hear in the operator's own voice; without a recording a voice reads the words. */
export function Notices({ line, onChanged }: { line: TelephoneLine; onChanged: () => void }) {
  const t = useWords("line");
  return (
    <section className={classes["panel"]} aria-labelledby="line-notices">
      <h2 id="line-notices">{t("notices")}</h2>
      <p className={classes["dim"]}>{t("notices_help")}</p>
      {NOTICE_CODES.flatMap((code) =>
        NOTICE_LANGUAGES.map((language) => {
          const notice = line.notices.find((each) => each.code === code && each.language === language);
          return <NoticeRow key={`${code}.${language}`} code={code} language={language} notice={notice} onChanged={onChanged} />;
        }),
      )}
      <p className={classes["dim"]}>{line.records_calls ? t("recording_on") : t("recording_off")}</p>
    </section>
  );
}

interface RowProps {
  code: (typeof NOTICE_CODES)[number];
  language: (typeof NOTICE_LANGUAGES)[number];
  notice: Notice | undefined;
  onChanged: () => void;
}

function NoticeRow({ code, language, notice, onChanged }: RowProps) {
  const t = useWords("line");
  const { act, busy } = useAct();
  const name = t(`notice_${code}`);
  const tongue = t(`language_${language}`);
  const upload = (file: File | null) => (file ? void act(async () => onChangedAfter(await uploadNotice(code, language, file), onChanged)) : undefined);
  const remove = () => void act(async () => onChangedAfter(await removeNotice(code, language), onChanged));
  return (
    <div className={classes["row"]} data-testid={`notice-${code}-${language}`}>
      <span>
        {name} · {tongue}
        <br />
        <span className={classes["dim"]}>{notice ? t("own_recording", { size: Math.ceil(notice.bytes / 1024) }) : t("by_voice")}</span>
      </span>
      <Group gap="xs">
        {notice ? <audio controls preload="none" src={notice.address} aria-label={t("listen_notice", { name, language: tongue })} /> : null}
        <FileButton onChange={upload} accept="audio/wav,audio/x-wav,audio/mpeg,.wav,.mp3">
          {(props) => (
            <Button {...props} size="compact-sm" variant="default" loading={busy} aria-label={`${name} (${tongue}): ${t("upload")}`}>
              {t("upload")}
            </Button>
          )}
        </FileButton>
        {notice ? (
          <Button size="compact-sm" variant="subtle" color="gray" loading={busy} onClick={remove}>
            {t("remove")}
          </Button>
        ) : null}
      </Group>
    </div>
  );
}

function onChangedAfter(_done: unknown, onChanged: () => void): void {
  onChanged();
}
