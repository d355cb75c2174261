/**
 * The default collations of character sets, except those whose default is SET_general_ci. They are
 * the same in both servers (information_schema.character_sets).
 */
const DEFAULTS: Readonly<Record<string, string>> = {
  big5: "big5_chinese_ci",
  binary: "binary",
  cp932: "cp932_japanese_ci",
  dec8: "dec8_swedish_ci",
  eucjpms: "eucjpms_japanese_ci",
  euckr: "euckr_korean_ci",
  gb18030: "gb18030_chinese_ci",
  gb2312: "gb2312_chinese_ci",
  gbk: "gbk_chinese_ci",
  hp8: "hp8_english_ci",
  latin1: "latin1_swedish_ci",
  sjis: "sjis_japanese_ci",
  swe7: "swe7_swedish_ci",
  tis620: "tis620_thai_ci",
  ujis: "ujis_japanese_ci",
};

/**
 * Returns the collation of a character set that is named without one. For utf8mb4, MySQL always
 * names the collation. So does MariaDB, from the versions on that may have another default than
 * general_ci.
 */
export function defaultCollation(set: string): string {
  return DEFAULTS[set] ?? `${set}_general_ci`;
}
