package org.cellos.protocol;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Guesses which known name was meant. */
public final class NearestName {
  /** Longer lists are not spelled out in a message. */
  private static final int SHORT_LIST = 20;

  private NearestName() {}

  /** The known name that needs the fewest edits, if a third of its letters or fewer differ. */
  public static Optional<String> of(String given, Collection<String> known) {
    String wanted = given.toLowerCase(Locale.ROOT);
    // Names in this project are short: a long text is no typing mistake, and costs time.
    if (wanted.isEmpty() || wanted.length() > 100) {
      return Optional.empty();
    }
    Optional<String> nearest = Optional.empty();
    int fewest = Integer.MAX_VALUE;
    for (String name : known) {
      int most = Math.max(1, name.length() / 3);
      if (Math.abs(name.length() - wanted.length()) > most) {
        continue;
      }
      int edits = edits(wanted, name.toLowerCase(Locale.ROOT));
      if (edits <= most && edits < fewest) {
        nearest = Optional.of(name);
        fewest = edits;
      }
    }
    return nearest;
  }

  /** {@code : did you mean 'accutase'?}, or what is known when nothing is near. */
  static String hint(String given, Collection<String> known) {
    boolean listed = !known.isEmpty() && known.size() <= SHORT_LIST;
    String all = listed ? " Known: " + String.join(", ", known) + "." : "";
    return of(given, known).map(name -> ": did you mean '" + name + "'?").orElse(".") + all;
  }

  /** Levenshtein distance, in which two neighbouring letters swapped also count as one edit. */
  private static int edits(String a, String b) {
    int[][] distance = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          distance[i][j] = i + j;
          continue;
        }
        int replaced = distance[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int inserted = Math.min(distance[i - 1][j], distance[i][j - 1]) + 1;
        distance[i][j] = Math.min(replaced, inserted);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          distance[i][j] = Math.min(distance[i][j], distance[i - 2][j - 2] + 1);
        }
      }
    }
    return distance[a.length()][b.length()];
  }
}
