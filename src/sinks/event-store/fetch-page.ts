import type { Channel } from "./channel.ts";
import { unavailable } from "./database-error.ts";
import type { FetchPage } from "./event-reader.ts";
import { holdProcess } from "../../timing/index.ts";
import { readPage } from "./read-page.ts";

export interface PageFetcherOptions {
  readonly channel: Channel;
  /** Of the store's URL; taken out of messages. */
  readonly secret: string | undefined;
}

/** Reads pages from the database of a channel. */
export function createPageFetcher({ channel, secret }: PageFetcherOptions): FetchPage {
  return async (query, size) => {
    try {
      return await holdProcess(channel.run((database) => readPage(database, query, size)));
    } catch (error) {
      throw unavailable(error, secret);
    }
  };
}
