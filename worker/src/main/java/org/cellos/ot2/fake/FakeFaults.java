package org.cellos.ot2.fake;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What goes wrong at a fake robot, and when. Thread-safe; may be changed at any time. */
public final class FakeFaults {

  /** What becomes of a request. */
  public enum Kind {
    /** It is answered late. */
    DELAY,
    /** It is never answered, and nothing is done. */
    HANG_BEFORE,
    /** It is never answered, and it is done all the same. */
    HANG_AFTER,
    /** 500, and nothing was done. */
    ERROR_BEFORE,
    /** 500, and it was done all the same. */
    ERROR_AFTER,
    /** The connection is closed, and nothing was done. */
    RESET_BEFORE,
    /** The connection is closed, and it was done all the same. */
    RESET_AFTER
  }

  private record Planned(Kind kind, Pattern requests, AtomicInteger times, Duration duration) {}

  private final List<Planned> planned = new CopyOnWriteArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile Consumer<String> onHang = ignored -> {};
  private volatile boolean isStopNeverConfirmed;
  private volatile boolean isAnalysisEndless;
  private volatile int powerCutAtCommand = -1;
  private volatile boolean isPowerCutAfterPlay;

  /**
   * @param requests a regular expression of method and path, such as {@code POST /runs}
   * @param times how many of them it meets
   */
  public FakeFaults add(Kind kind, String requests, int times) {
    return add(kind, requests, times, Duration.ZERO);
  }

  /**
   * @param delay of answers that are late
   */
  public FakeFaults add(Kind kind, String requests, int times, Duration delay) {
    planned.add(new Planned(kind, Pattern.compile(requests), new AtomicInteger(times), delay));
    return this;
  }

  /**
   * The nth request from the beginning, whatever it is, is never answered.
   *
   * @param kind {@link Kind#HANG_BEFORE} or {@link Kind#HANG_AFTER}
   * @param number from 1
   */
  public FakeFaults hangAt(Kind kind, int number) {
    planned.add(
        new Planned(kind, Pattern.compile(number + " .*"), new AtomicInteger(1), Duration.ZERO));
    return this;
  }

  /** Requests meet no more faults. */
  public FakeFaults end() {
    planned.clear();
    return this;
  }

  /** Is told of a request that hangs now, as soon as it does. */
  public FakeFaults onHang(Consumer<String> listener) {
    onHang = listener;
    return this;
  }

  void hangs(String request) {
    onHang.accept(request);
  }

  /** The request with its number before it. */
  String numbered(String request) {
    return requests.incrementAndGet() + " " + request;
  }

  /** A stop is taken and never comes to pass. */
  public FakeFaults neverConfirmStops(boolean never) {
    isStopNeverConfirmed = never;
    return this;
  }

  /** Protocols are looked through without end. */
  public FakeFaults neverEndAnalyses(boolean never) {
    isAnalysisEndless = never;
    return this;
  }

  /** The power fails when so many commands of a run are done. */
  public FakeFaults cutPowerAtCommand(int index) {
    powerCutAtCommand = index;
    return this;
  }

  /** The power fails when a play is stored and nothing has moved yet. */
  public FakeFaults cutPowerAfterPlay() {
    isPowerCutAfterPlay = true;
    return this;
  }

  boolean isStopNeverConfirmed() {
    return isStopNeverConfirmed;
  }

  boolean isAnalysisEndless() {
    return isAnalysisEndless;
  }

  /** Whether the power fails now; it does once. */
  boolean cutsPowerAt(int commandsDone) {
    if (powerCutAtCommand != commandsDone) {
      return false;
    }
    powerCutAtCommand = -1;
    return true;
  }

  boolean cutsPowerAfterPlay() {
    boolean cuts = isPowerCutAfterPlay;
    isPowerCutAfterPlay = false;
    return cuts;
  }

  /**
   * Whether a fault of this kind meets a request; each meets so many as were planned.
   *
   * @param request as {@link #numbered} says it
   */
  boolean meets(Kind kind, String request) {
    return planned.stream().anyMatch(fault -> fault.kind() == kind && takes(fault, request));
  }

  Duration delay(String request) {
    return planned.stream()
        .filter(fault -> fault.kind() == Kind.DELAY && takes(fault, request))
        .map(Planned::duration)
        .findFirst()
        .orElse(Duration.ZERO);
  }

  private static boolean takes(Planned fault, String request) {
    String unnumbered = request.substring(request.indexOf(' ') + 1);
    boolean matches =
        fault.requests().matcher(request).matches()
            || fault.requests().matcher(unnumbered).matches();
    return matches && fault.times().getAndDecrement() > 0;
  }
}
