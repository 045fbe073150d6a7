import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ScopedStorage } from "./scoped-storage.ts";

/** One that no other test shares. */
function createStorage(key = Symbol("storage")): ScopedStorage<string> {
  return new ScopedStorage(key);
}

/** How often a storage has been switched off. */
function countDisabled() {
  return vi.spyOn(AsyncLocalStorage.prototype, "disable");
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a value that was entered with", () => {
  it("is there through `await` until the scope is left", async () => {
    const storage = createStorage();
    const seen = await storage.enter("a", async () => {
      await Promise.resolve();
      return storage.get();
    });
    storage.leave();
    expect(seen).toBe("a");
    expect(storage.get()).toBeUndefined();
  });

  it("is the innermost", () => {
    const storage = createStorage();
    storage.enter("outer", () => {
      storage.enter("inner", () => expect(storage.get()).toBe("inner"));
      storage.leave();
      expect(storage.get()).toBe("outer");
    });
    storage.leave();
  });

  it("is never that of another of many scopes that overlap", async () => {
    const storage = createStorage();
    const turns = Array.from({ length: 200 }, (_, index) => `${index}`);
    const seen = await Promise.all(
      turns.map(async (turn, index) => {
        for (let wait = 0; wait < index % 7; wait += 1) await Promise.resolve();
        const inside = await storage.enter(turn, async () => {
          for (let wait = 0; wait < index % 11; wait += 1) await Promise.resolve();
          return storage.get();
        });
        storage.leave();
        return inside;
      }),
    );
    expect(seen).toEqual(turns);
    expect(storage.get()).toBeUndefined();
  });
});

describe("the storage", () => {
  it("is switched off when the last scope is left, and only then", () => {
    const disabled = countDisabled();
    const storage = createStorage();
    storage.enter("a", () => {});
    storage.enter("b", () => {});
    storage.leave();
    expect(disabled).toHaveBeenCalledTimes(0);
    storage.leave();
    expect(disabled).toHaveBeenCalledTimes(1);
  });

  it("is switched off when what was entered throws, and hands the error on", () => {
    const disabled = countDisabled();
    const storage = createStorage();
    const error = new Error("mine");
    expect(() =>
      storage.enter("a", () => {
        throw error;
      }),
    ).toThrow(error);
    expect(disabled).toHaveBeenCalledTimes(1);
  });

  it("stays on for what has no end, which keeps its value when scopes are left", async () => {
    const disabled = countDisabled();
    const storage = createStorage();
    const kept = storage.keep("kept", async () => {
      await storage.enter("entered", () => Promise.resolve());
      storage.leave();
      await Promise.resolve();
      return storage.get();
    });
    expect(await kept).toBe("kept");
    expect(disabled).toHaveBeenCalledTimes(0);
  });

  it("takes no harm from a scope that is left twice", () => {
    const disabled = countDisabled();
    const storage = createStorage();
    storage.leave();
    storage.enter("a", () => {
      expect(storage.get()).toBe("a");
    });
    storage.leave();
    storage.leave();
    expect(disabled).toHaveBeenCalledTimes(1);
  });

  it("does nothing to others: what an application has in its own stays", async () => {
    const own = new AsyncLocalStorage<string>();
    const storage = createStorage();
    await own.run("own", async () => {
      await storage.enter("a", () => Promise.resolve());
      storage.leave();
      await Promise.resolve();
      expect(own.getStore()).toBe("own");
    });
  });

  it("is one for all with its key, who know of each other's scopes", () => {
    const disabled = countDisabled();
    const key = Symbol("shared");
    const [one, other] = [createStorage(key), createStorage(key)];
    one.enter("a", () => expect(other.get()).toBe("a"));
    other.enter("b", () => {});
    one.leave();
    expect(disabled).toHaveBeenCalledTimes(0);
    other.leave();
    expect(disabled).toHaveBeenCalledTimes(1);
  });
});
