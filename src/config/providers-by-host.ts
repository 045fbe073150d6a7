import { recordOf, trimmedText } from "./check.ts";
import { parseKeyValueList } from "./key-value-list.ts";
import type { ValueType } from "./option-definition.ts";

/** Labels with dots between, without scheme, port and path; a URL writes it in lower case. */
const HOST = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/i;
/** It is a label of metrics. */
const PROVIDER = /^[\w.-]{1,64}$/;

/** Names of providers by host. */
export function providersByHost(): ValueType<Readonly<Record<string, string>>> {
  return {
    check: recordOf(
      (host) => HOST.test(host),
      trimmedText((provider) => PROVIDER.test(provider)),
    ),
    expected:
      "by host name, without scheme and port, the name of a provider such as openai " +
      "(in the environment: host=provider,host2=provider2)",
    read: (list) => parseKeyValueList(list) ?? list,
  };
}
