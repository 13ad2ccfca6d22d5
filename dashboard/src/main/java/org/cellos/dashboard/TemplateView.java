package org.cellos.dashboard;

import io.dropwizard.views.common.View;
import java.nio.charset.StandardCharsets;

/** A page, or a piece of one: a template, what is around it, and what is in it. */
public final class TemplateView extends View {
  static final String HTML = "text/html; charset=utf-8";

  private static final String FOLDER = "/org/cellos/dashboard/pages/";

  private final Frame frame;
  private final Object model;

  private TemplateView(String template, Frame frame, Object model) {
    super(FOLDER + template, StandardCharsets.UTF_8);
    this.frame = frame;
    this.model = model;
  }

  /**
   * @param template a file in the folder of the pages
   * @param model a public record, whose components the template names
   */
  static TemplateView of(String template, Frame frame, Object model) {
    return new TemplateView(template, frame, model);
  }

  public Frame getFrame() {
    return frame;
  }

  public Object getModel() {
    return model;
  }
}
