package org.cellos.dashboard;

import jakarta.ws.rs.core.MultivaluedMap;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cellos.domain.ExecutionStatus;
import org.cellos.store.ExecutionFilter;

/**
 * The question that an address asks of the history: {@code
 * ?status=failed&cell_line=iPSC&vessel=T75&operation=feed&from=2026-03-01&to=2026-03-31&q=lamp&sort=newest&after=…&limit=50}.
 * Dates are days of this computer's zone, both included.
 */
record HistoryQuery(
    Set<ExecutionStatus> statuses,
    String cellLine,
    String vessel,
    String operation,
    String from,
    String to,
    String search,
    ExecutionFilter.Order order,
    Optional<ExecutionFilter.Place> after,
    int limit) {
  static final int USUAL_LIMIT = 50;
  private static final int MOST = 500;
  private static final int LONGEST = 200;
  private static final Set<String> KNOWN =
      new TreeSet<>(
          Set.of(
              "status",
              "cell_line",
              "vessel",
              "operation",
              "from",
              "to",
              "q",
              "sort",
              "after",
              "limit"));

  /**
   * @throws RequestException naming the parameter that is wrong
   */
  static HistoryQuery of(MultivaluedMap<String, String> parameters) {
    for (String name : parameters.keySet()) {
      if (!KNOWN.contains(name)) {
        throw RequestException.badRequest(
            name, "'" + name + "' is no filter. There are " + String.join(", ", KNOWN) + ".");
      }
    }
    ExecutionFilter.Order order =
        parsed(
                "sort",
                text(parameters, "sort"),
                word -> ExecutionFilter.Order.valueOf(word.toUpperCase(Locale.ROOT)),
                "newest, oldest, longest or shortest")
            .orElse(ExecutionFilter.Order.NEWEST);
    Optional<ExecutionFilter.Place> after =
        parsed(
            "after",
            text(parameters, "after"),
            ExecutionFilter.Place::decode,
            "what the page before gave as the next");
    HistoryQuery query =
        new HistoryQuery(
            statuses(parameters),
            text(parameters, "cell_line"),
            text(parameters, "vessel"),
            text(parameters, "operation"),
            text(parameters, "from"),
            text(parameters, "to"),
            text(parameters, "q"),
            order,
            after,
            limit(text(parameters, "limit")));
    // Refuses here what cannot be asked.
    query.filter();
    return query;
  }

  private static Set<ExecutionStatus> statuses(MultivaluedMap<String, String> parameters) {
    Set<ExecutionStatus> statuses = EnumSet.noneOf(ExecutionStatus.class);
    parameters.getOrDefault("status", List.of()).stream()
        .flatMap(given -> Stream.of(given.split(",", -1)))
        .filter(word -> !word.isBlank())
        .forEach(
            word -> {
              try {
                statuses.add(ExecutionStatus.ofWireValue(word.strip()));
              } catch (IllegalArgumentException e) {
                throw RequestException.badRequest("status", "status: " + e.getMessage() + ".");
              }
            });
    return statuses;
  }

  private static int limit(String given) {
    int limit =
        parsed("limit", given, Integer::valueOf, "a number from 1 to " + MOST).orElse(USUAL_LIMIT);
    if (limit < 1 || limit > MOST) {
      throw RequestException.badRequest(
          "limit", "limit must be a number from 1 to " + MOST + ", not " + limit + ".");
    }
    return limit;
  }

  private static String text(MultivaluedMap<String, String> parameters, String name) {
    List<String> given = parameters.getOrDefault(name, List.of());
    if (given.size() > 1) {
      throw RequestException.badRequest(name, "Give '" + name + "' once.");
    }
    String text = given.isEmpty() ? "" : given.get(0).strip();
    if (text.length() > LONGEST) {
      throw RequestException.badRequest(
          name, "'" + name + "' is longer than " + LONGEST + " characters.");
    }
    return text;
  }

  private interface Reading<T> {
    T of(String text);
  }

  private static <T> Optional<T> parsed(
      String name, String text, Reading<T> reading, String expected) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(reading.of(text));
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw RequestException.badRequest(
          name, name + " must be " + expected + ", not '" + text + "'.");
    }
  }

  ExecutionFilter filter() {
    try {
      return new ExecutionFilter(
          statuses,
          given(cellLine),
          given(vessel),
          given(operation),
          day("from", from).map(HistoryQuery::beginOf),
          day("to", to).map(day -> beginOf(day.plusDays(1))),
          given(search),
          order,
          after,
          limit);
    } catch (IllegalArgumentException e) {
      throw RequestException.badRequest("after", String.valueOf(e.getMessage()) + ".");
    }
  }

  private static Optional<LocalDate> day(String name, String text) {
    return parsed(name, text, LocalDate::parse, "a day such as 2026-03-01");
  }

  private static Instant beginOf(LocalDate day) {
    return day.atStartOfDay(ZoneId.systemDefault()).toInstant();
  }

  private static Optional<String> given(String text) {
    return Optional.of(text).filter(value -> !value.isEmpty());
  }

  /** The same question, with another place to go on from. */
  HistoryQuery from(Optional<ExecutionFilter.Place> place) {
    return new HistoryQuery(
        statuses, cellLine, vessel, operation, from, to, search, order, place, limit);
  }

  /** The same question for other statuses, from the first page on. */
  HistoryQuery only(Set<ExecutionStatus> others) {
    return new HistoryQuery(
        others, cellLine, vessel, operation, from, to, search, order, Optional.empty(), limit);
  }

  /** As it stands in an address; empty for the whole history. */
  String encode() {
    String query =
        Stream.concat(
                statuses.stream().map(status -> "status=" + status.wireValue()),
                Stream.of(
                        pair("cell_line", cellLine),
                        pair("vessel", vessel),
                        pair("operation", operation),
                        pair("from", from),
                        pair("to", to),
                        pair("q", search),
                        pair(
                            "sort",
                            order == ExecutionFilter.Order.NEWEST
                                ? ""
                                : order.name().toLowerCase(Locale.ROOT)),
                        pair("after", after.map(ExecutionFilter.Place::encode).orElse("")),
                        pair("limit", limit == USUAL_LIMIT ? "" : Integer.toString(limit)))
                    .flatMap(Optional::stream))
            .collect(Collectors.joining("&"));
    return query.isEmpty() ? "" : "?" + query;
  }

  private static Optional<String> pair(String name, String value) {
    return value.isEmpty()
        ? Optional.empty()
        : Optional.of(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
  }
}
