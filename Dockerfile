# One image for server and hosts; docker-compose.yml starts both kinds.
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /reeve
COPY . .
RUN mvn -q -B package -DskipTests

FROM eclipse-temurin:25-jdk
RUN apt-get update && apt-get install -y --no-install-recommends nftables iproute2 curl && rm -rf /var/lib/apt/lists/*
COPY --from=build /reeve /opt/reeve
# The jars are newer than every source, so the launcher builds nothing.
RUN ln -s /opt/reeve/reeve /usr/local/bin/reeve && find /opt/reeve -name '*.jar' -exec touch {} +
ENTRYPOINT ["reeve"]
