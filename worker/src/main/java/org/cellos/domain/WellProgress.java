package org.cellos.domain;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a robot has come with a plate, by the comments between the commands of a generated
 * protocol. For a pipette of eight channels, a well stands for its column.
 *
 * @param done wells of which every command has succeeded, in their order
 * @param underWay wells that were begun and of which nobody has heard that they are done
 */
public record WellProgress(List<String> done, List<String> underWay) {
  private static final Pattern MARK = Pattern.compile("well ([A-P][0-9]{1,2}) (begins|is done)");
  private static final int MOST_NAMES = 12;

  public WellProgress {
    done = List.copyOf(done);
    underWay = List.copyOf(underWay);
  }

  /** The comment before the commands of a well. */
  public static String begins(String well) {
    return "well " + well + " begins";
  }

  /** The comment after them. */
  public static String isDone(String well) {
    return "well " + well + " is done";
  }

  /**
   * @param comments that a robot has come to, in their order; others are passed over
   */
  public static WellProgress of(List<String> comments) {
    Set<String> begun = new LinkedHashSet<>();
    Set<String> done = new LinkedHashSet<>();
    for (String comment : comments) {
      Matcher mark = MARK.matcher(comment);
      if (mark.matches()) {
        (mark.group(2).equals("begins") ? begun : done).add(mark.group(1));
      }
    }
    begun.removeAll(done);
    return new WellProgress(new ArrayList<>(done), new ArrayList<>(begun));
  }

  /** Whether a protocol tells how far it is. */
  public static boolean isMarked(String protocol) {
    return MARK.matcher(protocol).find();
  }

  /** Whether no well was begun, as far as is known. */
  public boolean isEmpty() {
    return done.isEmpty() && underWay.isEmpty();
  }

  /** {@code A1, A2 and A3 are done, A4 was under way}. */
  public String inWords() {
    String finished = done.isEmpty() ? "no well is done" : are(done, "done");
    return underWay.isEmpty() ? finished : finished + ", " + were(underWay);
  }

  private static String are(List<String> wells, String what) {
    return names(wells) + (wells.size() == 1 ? " is " : " are ") + what;
  }

  private static String were(List<String> wells) {
    return names(wells) + (wells.size() == 1 ? " was" : " were") + " under way";
  }

  private static String names(List<String> wells) {
    int last = wells.size() - 1;
    if (wells.size() > MOST_NAMES) {
      return wells.size()
          + " wells, "
          + wells.get(0)
          + " to "
          + wells.get(last)
          + " column by column,";
    }
    return wells.size() == 1
        ? wells.get(0)
        : String.join(", ", wells.subList(0, last)) + " and " + wells.get(last);
  }
}
