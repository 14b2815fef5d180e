package dev.reeve.server.wiring;

import dev.reeve.server.directory.CurrentSnapshot;
import dev.reeve.server.rsop.DirectoryLogin;
import dev.reeve.server.rsop.HostRecords;
import dev.reeve.server.rsop.RsopContents;
import dev.reeve.server.rsop.RsopController;
import dev.reeve.server.withdrawal.Hold;
import dev.reeve.server.withdrawal.WithdrawalBrake;
import dev.reeve.server.withdrawal.WithdrawalController;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.web.SecurityFilterChain;

/// What people ask over HTTPS: a directory user's name and password with every request, no session.
@Configuration(proxyBeanMethods = false)
class WebWiring {

  @Bean
  SecurityFilterChain api(HttpSecurity http) {
    return http.sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .csrf(c -> c.disable()) // no cookie, so nothing a foreign page could borrow
        .requestCache(c -> c.disable())
        .logout(l -> l.disable())
        .httpBasic(Customizer.withDefaults())
        .authorizeHttpRequests(a ->
            a.requestMatchers(HttpMethod.GET, "/actuator/health", "/actuator/health/**")
                .permitAll()
                .requestMatchers(HttpMethod.GET, "/api/v1/**")
                .authenticated()
                .anyRequest()
                .denyAll())
        .build();
  }

  @Bean
  AuthenticationProvider directoryUsers(DirectoryLogin directory) {
    return new AuthenticationProvider() {
      @Override
      public Authentication authenticate(Authentication given) {
        String password = String.valueOf(given.getCredentials());
        return directory
            .login(given.getName(), password)
            .map(dn ->
                UsernamePasswordAuthenticationToken.authenticated(
                    dn, "", List.of(new SimpleGrantedAuthority("ROLE_USER"))))
            .orElseThrow(() ->
                new BadCredentialsException("the directory does not know this user and password"));
      }

      @Override
      public boolean supports(Class<?> type) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(type);
      }
    };
  }

  @Bean
  RsopController rsopController(CurrentSnapshot directory, HostRecords hosts) {
    return new RsopController(directory, hosts);
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

  /// Down until the directory was read once; afterwards up, and it says how old the picture is.
  @Bean
  HealthIndicator directoryHealthIndicator(CurrentSnapshot directory, Clock clock) {
    return () ->
        directory
            .view()
            .map(view ->
                (view.lost().isPresent() ? Health.status("DEGRADED") : Health.up())
                    .withDetail("snapshot", view.generation())
                    .withDetail(
                        "lastChangeSeconds",
                        Duration.between(view.readAt(), clock.instant()).toSeconds())
                    .withDetail("computers", view.snapshot().computers().size())
                    .withDetail("problems", view.snapshot().problems().size())
                    .withDetail("lost", view.lost().orElse(""))
                    .build())
            .orElseGet(() ->
                Health.down().withDetail("lost", "the directory has not been read yet").build());
  }
}
