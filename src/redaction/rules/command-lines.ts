import { type PatternRule, redacted } from "./pattern-rule.ts";

/** A command that is continued in the next line goes on there. */
const CURL = /\bcurl\b(?:\\\n|[^\n]){0,4096}/g;

/** What curl logs in with, at the server or at a proxy: `-u user:password`, quoted or not, also as one of a list. */
const USER =
  /([\s"']-(?:[a-zA-Z]{0,8}?[uU]|-user|-proxy-user)[\s"',=\\]{0,10})(?:(?<=["'])[^\s"'\\:]{0,128}:(?:[^"'\\\n]|\\(?!["'])){1,256}|[^\s"'\\:]{1,128}:[^\s"'\\]{1,256})/g;

export const curlPasswords: PatternRule = (text) =>
  text.replace(CURL, (command) =>
    command.replace(USER, (_all, option: string) => `${option}${redacted("credentials")}`),
  );
