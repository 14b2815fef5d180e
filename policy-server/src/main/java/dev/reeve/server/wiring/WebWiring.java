package dev.reeve.server.wiring;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonText;
import dev.reeve.server.directory.CurrentSnapshot;
import dev.reeve.server.directory.CurrentSnapshot.View;
import dev.reeve.server.directory.DirectoryException;
import dev.reeve.server.directory.Outage;
import dev.reeve.server.directory.PictureFile;
import dev.reeve.server.revocation.RevocationLists;
import dev.reeve.server.rsop.DirectoryController;
import dev.reeve.server.rsop.DirectoryLogin;
import dev.reeve.server.rsop.HostRecords;
import dev.reeve.server.rsop.RsopContents;
import dev.reeve.server.rsop.RsopController;
import dev.reeve.server.wiring.DirectoryWiring.Saved;
import dev.reeve.server.withdrawal.Hold;
import dev.reeve.server.withdrawal.WithdrawalBrake;
import dev.reeve.server.withdrawal.WithdrawalController;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.web.SecurityFilterChain;

/// What people ask over HTTPS: a directory user's name and password with every request, no session.
@Configuration(proxyBeanMethods = false)
class WebWiring {

  /// What says how the server is, also while nobody can log in because the directory is away.
  private static final String[] OPEN = {
    "/actuator/health",
    "/actuator/health/**",
    "/actuator/metrics/reeve.directory.*",
    "/api/v1/directory"
  };

  @Bean
  SecurityFilterChain api(HttpSecurity http) {
    return http.sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .csrf(c -> c.disable()) // no cookie, so nothing a foreign page could borrow
        .requestCache(c -> c.disable())
        .logout(l -> l.disable())
        .httpBasic(b -> b.authenticationEntryPoint(WebWiring::refuse))
        .authorizeHttpRequests(a ->
            a.requestMatchers(HttpMethod.GET, OPEN)
                .permitAll()
                .requestMatchers(HttpMethod.GET, "/api/v1/**", "/actuator/metrics/**")
                .authenticated()
                .anyRequest()
                .denyAll())
        .build();
  }

  private static void refuse(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException why)
      throws IOException {
    if (!(why instanceof AuthenticationServiceException)) {
      response.setHeader("WWW-Authenticate", "Basic realm=\"reeve\"");
      response.sendError(HttpServletResponse.SC_UNAUTHORIZED);
      return;
    }
    response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    response
        .getWriter()
        .println(
            JsonText.write(
                JsonBuilder.object()
                    .put("error", "NO_DIRECTORY")
                    .put("detail", String.valueOf(why.getMessage()))
                    .build()));
  }

  @Bean
  AuthenticationProvider directoryUsers(DirectoryLogin directory) {
    return new AuthenticationProvider() {
      @Override
      public Authentication authenticate(Authentication given) {
        String password = String.valueOf(given.getCredentials());
        return login(given.getName(), password)
            .map(dn ->
                UsernamePasswordAuthenticationToken.authenticated(
                    dn, "", List.of(new SimpleGrantedAuthority("ROLE_USER"))))
            .orElseThrow(() ->
                new BadCredentialsException("the directory does not know this user and password"));
      }

      private Optional<String> login(String user, String password) {
        try {
          return directory.login(user, password);
        } catch (DirectoryException e) {
          throw new AuthenticationServiceException(
              "the directory cannot be asked for this user's password ("
                  + e.getMessage()
                  + "); GET /api/v1/directory needs none",
              e);
        }
      }

      @Override
      public boolean supports(Class<?> type) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(type);
      }
    };
  }

  @Bean
  RsopController rsopController(CurrentSnapshot directory, HostRecords hosts, Clock clock) {
    return new RsopController(directory, hosts, clock);
  }

  @Bean
  DirectoryController directoryController(CurrentSnapshot directory, Clock clock) {
    return new DirectoryController(directory, clock);
  }

  /// How old the picture is, how old the saved one.
  @Bean
  MeterBinder directoryMeters(CurrentSnapshot directory, Saved saved, Clock clock) {
    return registry -> {
      TimeGauge.builder(
              "reeve.directory.age", () -> age(directory, clock).toMillis(), TimeUnit.MILLISECONDS)
          .description("of the picture of the directory; 0 while in contact")
          .register(registry);
      Gauge.builder(
              "reeve.directory.lost",
              () -> directory.view().flatMap(View::outage).isPresent() ? 1 : 0)
          .description("1 while the directory does not answer as it should")
          .register(registry);
      saved
          .file()
          .ifPresent(file ->
              TimeGauge.builder(
                      "reeve.directory.saved.age",
                      () -> savedAge(file, clock),
                      TimeUnit.MILLISECONDS)
                  .description("since the picture was last saved for a restart")
                  .register(registry));
    };
  }

  private static Duration age(CurrentSnapshot directory, Clock clock) {
    return directory.view().map(view -> view.age(clock.instant())).orElse(Duration.ZERO);
  }

  private static double savedAge(PictureFile file, Clock clock) {
    return file.savedAt()
        .map(at -> (double) Duration.between(at, clock.instant()).toMillis())
        .orElse(Double.NaN);
  }

  @Bean
  WithdrawalController withdrawalController(WithdrawalBrake brake, RsopContents fleet) {
    return new WithdrawalController(brake, fleet);
  }

  /// Degraded while hosts keep a policy that the directory takes from them.
  @Bean
  HealthIndicator withdrawalsHealthIndicator(WithdrawalBrake brake) {
    return () -> {
      Hold hold = brake.last();
      return (hold.isHolding()
              ? Health.status("DEGRADED").withDetail("id", hold.id())
              : Health.up())
          .withDetail("held", hold.hosts().size())
          .build();
    };
  }

  /// Degraded while an administrator should do something about the lists of revoked certificates.
  @Bean
  HealthIndicator revocationsHealthIndicator(RevocationLists revocations) {
    return () -> {
      RevocationLists.State state = revocations.state();
      return (state.warnings().isEmpty() ? Health.up() : Health.status("DEGRADED"))
          .withDetail("certificates", state.certificates())
          .withDetail("bytes", state.bytes())
          .withDetail("warnings", state.warnings())
          .build();
    };
  }

  /// Down until there is a picture, degraded while contact is lost; it says how old the picture is.
  @Bean
  HealthIndicator directoryHealthIndicator(CurrentSnapshot directory, Clock clock) {
    return () ->
        directory
            .view()
            .map(view -> health(view, clock.instant()))
            .orElseGet(() ->
                Health.down().withDetail("lost", "the directory has not been read yet").build());
  }

  private static Health health(View view, Instant now) {
    var health =
        (view.outage().isPresent() ? Health.status("DEGRADED") : Health.up())
            .withDetail("snapshot", view.generation())
            .withDetail("lastChangeSeconds", Duration.between(view.readAt(), now).toSeconds())
            .withDetail("computers", view.snapshot().computers().size())
            .withDetail("problems", view.snapshot().problems().size())
            .withDetail("ageSeconds", view.age(now).toSeconds())
            .withDetail("lost", view.outage().map(Outage::why).orElse(""));
    view.outage()
        .ifPresent(outage ->
            health
                .withDetail("asOf", outage.asOf().toString())
                .withDetail("saved", outage.saved()));
    return health.build();
  }
}
