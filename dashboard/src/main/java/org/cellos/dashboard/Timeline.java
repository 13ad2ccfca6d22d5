package org.cellos.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.cellos.domain.StepRecord;
import org.cellos.view.Texts;

/**
 * When the steps of an execution were performed, drawn to scale except where nothing begins or ends
 * for long: a day of incubation must not flatten the minutes around it.
 *
 * @param bars one for each step that has begun
 * @param squeezed the stretches of time that are drawn shorter than they were
 * @param height of the picture, in its units
 */
public record Timeline(List<Bar> bars, List<Squeezed> squeezed, int height) {
  static final int WIDTH = 1000;
  private static final int ROW = 18;
  private static final int TOP = 16;

  /** A stretch that is longer than so many usual ones is squeezed. */
  private static final int USUAL_STRETCHES = 6;

  /**
   * @param stepIndex from 0
   * @param x where it begins
   * @param width at least enough to be seen
   * @param y its row
   * @param title for whoever points at it
   */
  public record Bar(int stepIndex, String status, int x, int width, int y, String title) {}

  /**
   * @param text how long it really was
   */
  public record Squeezed(int x, int width, String text) {}

  static Optional<Timeline> of(List<StepRecord> steps, Instant now) {
    List<StepRecord> begun = steps.stream().filter(step -> step.startTime() != null).toList();
    if (begun.isEmpty()) {
      return Optional.empty();
    }
    TreeSet<Instant> moments = new TreeSet<>();
    for (StepRecord step : begun) {
      moments.add(begin(step));
      moments.add(end(step, now));
    }
    Scale scale = Scale.of(List.copyOf(moments));
    List<Bar> bars = new ArrayList<>();
    for (StepRecord step : begun) {
      int x = scale.at(begin(step));
      bars.add(
          new Bar(
              step.stepIndex(),
              step.status().wireValue(),
              x,
              Math.max(3, scale.at(end(step, now)) - x),
              TOP + bars.size() * ROW,
              step.name()
                  + ": "
                  + step.status()
                  + ", "
                  + Texts.duration(Duration.between(begin(step), end(step, now)))));
    }
    return Optional.of(new Timeline(bars, scale.squeezed, TOP + bars.size() * ROW));
  }

  private static Instant begin(StepRecord step) {
    return Optional.ofNullable(step.startTime()).orElseThrow();
  }

  private static Instant end(StepRecord step, Instant now) {
    Instant end = Optional.ofNullable(step.endTime()).orElse(now);
    return end.isBefore(begin(step)) ? begin(step) : end;
  }

  /** Where each moment is on the picture. */
  private static final class Scale {
    private final List<Instant> moments;
    private final List<Double> places = new ArrayList<>();
    private final List<Squeezed> squeezed = new ArrayList<>();

    private Scale(List<Instant> moments) {
      this.moments = moments;
    }

    static Scale of(List<Instant> moments) {
      Scale scale = new Scale(moments);
      List<Double> stretches = new ArrayList<>();
      for (int i = 1; i < moments.size(); i++) {
        stretches.add(Duration.between(moments.get(i - 1), moments.get(i)).toNanos() / 1e9);
      }
      List<Double> sorted = stretches.stream().sorted().toList();
      double usual = sorted.isEmpty() ? 1 : sorted.get(sorted.size() / 2);
      double most = Math.max(usual, 0.001) * USUAL_STRETCHES;
      double total = stretches.stream().mapToDouble(stretch -> Math.min(stretch, most)).sum();
      double place = 0;
      scale.places.add(0.0);
      for (int i = 0; i < stretches.size(); i++) {
        double width = Math.min(stretches.get(i), most) * WIDTH / Math.max(total, 0.001);
        if (stretches.get(i) > most) {
          scale.squeezed.add(
              new Squeezed(
                  (int) place,
                  Math.max(1, (int) width),
                  Texts.duration(Duration.between(moments.get(i), moments.get(i + 1)))));
        }
        place += width;
        scale.places.add(place);
      }
      return scale;
    }

    int at(Instant moment) {
      return (int) Math.round(places.get(moments.indexOf(moment)));
    }
  }
}
