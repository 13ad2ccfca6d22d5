package org.cellos.dashboard;

import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import java.net.URI;

/** What people must not miss, for pages that stay open; and where the address alone leads. */
@Singleton
@Path("/")
@Produces(TemplateView.HTML)
public final class BannersResource {
  private final Frames frames;

  BannersResource(Frames frames) {
    this.frames = frames;
  }

  @GET
  public Response home() {
    return Response.seeOther(URI.create("/execute")).build();
  }

  @GET
  @Path("banners")
  public TemplateView banners() {
    return TemplateView.of("banners.ftlh", frames.of("", ""), "");
  }
}
