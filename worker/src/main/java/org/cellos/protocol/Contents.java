package org.cellos.protocol;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.cellos.domain.Volume;

/**
 * What every vessel, tube and pipette holds while a protocol is gone through.
 *
 * <p>Liquid is never made or lost: a move takes what is there and no more. Bottles of reagents are
 * never empty, and waste and count samples are never seen again, so these are not tracked. Not
 * thread-safe.
 */
final class Contents {
  static final String STOCK = "stock";
  static final String WASTE = "waste";
  static final String PIPETTE = "pipette";
  static final String COUNT_SAMPLE = "count_sample";

  private static final Set<String> UNTRACKED = Set.of(STOCK, WASTE, COUNT_SAMPLE);

  private final Map<String, Holding> holdings = new LinkedHashMap<>();

  /**
   * What is in one container.
   *
   * @param volume over all wells
   * @param liquids ids of what was put in since it was last empty
   */
  record Holding(Volume volume, Set<String> liquids) {
    static final Holding NOTHING = new Holding(Volume.ZERO, Set.of());

    Holding {
      liquids = Set.copyOf(liquids);
    }

    private Holding plus(Volume added, Set<String> addedLiquids) {
      if (added.isZero()) {
        return this;
      }
      Set<String> all = new LinkedHashSet<>(liquids);
      all.addAll(addedLiquids);
      return new Holding(volume.plus(added), all);
    }

    private Holding minus(Volume taken) {
      Volume left = volume.minus(taken);
      return left.isZero() ? NOTHING : new Holding(left, liquids);
    }
  }

  /**
   * One movement of liquid, as it happened.
   *
   * @param from a container, {@code pipette} or {@code stock}
   * @param to a container, {@code pipette}, {@code waste} or {@code count_sample}
   * @param asked what the protocol asks for
   * @param moved what was there to be moved
   * @param before what the tracked ones of the two held
   * @param after what they hold
   */
  record Move(
      String from,
      String to,
      Volume asked,
      Volume moved,
      Map<String, Holding> before,
      Map<String, Holding> after) {

    boolean isShort() {
      return asked.isMoreThan(moved);
    }

    Holding before(String container) {
      return before.getOrDefault(container, Holding.NOTHING);
    }

    Holding after(String container) {
      return after.getOrDefault(container, Holding.NOTHING);
    }
  }

  /** The same, of which a movement changes nothing here. */
  Contents copy() {
    Contents copy = new Contents();
    copy.holdings.putAll(holdings);
    return copy;
  }

  void put(String container, Volume volume, String liquid) {
    holdings.put(container, holding(container).plus(volume, Set.of(liquid)));
  }

  Holding holding(String container) {
    return holdings.getOrDefault(container, Holding.NOTHING);
  }

  /** All that is tracked, in order of first use. */
  Map<String, Holding> all() {
    return new LinkedHashMap<>(holdings);
  }

  /**
   * Moves what is there.
   *
   * @param liquid what comes out of the stock; unused for any other source
   */
  Move move(String from, String to, Volume asked, String liquid) {
    Map<String, Holding> before = snapshot(from, to);
    Holding source = holding(from);
    boolean fromStock = from.equals(STOCK);
    Volume moved = fromStock ? asked : asked.min(source.volume());
    if (!fromStock) {
      holdings.put(from, source.minus(moved));
    }
    if (!UNTRACKED.contains(to)) {
      Set<String> liquids = fromStock ? Set.of(liquid) : source.liquids();
      holdings.put(to, holding(to).plus(moved, liquids));
    }
    return new Move(from, to, asked, moved, before, snapshot(from, to));
  }

  private Map<String, Holding> snapshot(String from, String to) {
    Map<String, Holding> snapshot = new LinkedHashMap<>();
    for (String container : new String[] {from, to}) {
      if (!UNTRACKED.contains(container)) {
        snapshot.put(container, holding(container));
      }
    }
    return snapshot;
  }
}
