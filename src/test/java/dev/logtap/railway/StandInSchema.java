package dev.logtap.railway;

import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.GraphQLContext;
import graphql.GraphqlErrorBuilder;
import graphql.execution.CoercedVariables;
import graphql.execution.DataFetcherExceptionHandler;
import graphql.execution.DataFetcherExceptionHandlerResult;
import graphql.execution.SubscriptionExecutionStrategy;
import graphql.language.StringValue;
import graphql.language.Value;
import graphql.schema.Coercing;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLScalarType;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** The schema with what answers its fields. Called on the threads of connections. */
final class StandInSchema {
  static final String PROJECT = "project-1";

  private static final String CREATED = "2026-01-01T00:00:00.000Z";
  private static final int MOST = 5000;
  private static final int DEFAULT_LIMIT = 100;

  private final RailwayStandIn railway;
  private final StandInFaults faults;
  private final GraphQL engine;

  StandInSchema(RailwayStandIn railway, StandInFaults faults) {
    this.railway = railway;
    this.faults = faults;
    RuntimeWiring wiring =
        RuntimeWiring.newRuntimeWiring()
            .scalar(text("DateTime"))
            .scalar(text("DeploymentMeta"))
            .type(
                "Query",
                type ->
                    type.dataFetcher("environment", this::environment)
                        .dataFetcher("projectToken", this::projectToken)
                        .dataFetcher("environmentLogs", this::storedLogs))
            .type("Environment", type -> type.dataFetcher("serviceInstances", this::serviceInstances))
            .type("Subscription", type -> type.dataFetcher("environmentLogs", this::liveLogs))
            .build();
    DataFetcherExceptionHandler plainly =
        failure ->
            CompletableFuture.completedFuture(
                DataFetcherExceptionHandlerResult.newResult(
                        GraphqlErrorBuilder.newError(failure.getDataFetchingEnvironment())
                            .message("%s", failure.getException().getMessage())
                            .build())
                    .build());
    engine =
        GraphQL.newGraphQL(new SchemaGenerator().makeExecutableSchema(new SchemaParser().parse(sdl()), wiring))
            .defaultDataFetcherExceptionHandler(plainly)
            .subscriptionExecutionStrategy(new SubscriptionExecutionStrategy(plainly))
            .build();
  }

  private static InputStreamReader sdl() {
    return new InputStreamReader(
        StandInSchema.class.getResourceAsStream("schema.graphqls"), StandardCharsets.UTF_8);
  }

  /**
   * Who asks.
   *
   * @param token null for none, or one that opens nothing
   * @param refusal the error that a test has planned for this operation; null for none
   */
  record Caller(RailwayToken token, String refusal) {}

  ExecutionResult execute(String query, String operation, Map<String, Object> variables, Caller caller) {
    return engine.execute(
        ExecutionInput.newExecutionInput(query)
            .operationName(operation)
            .variables(variables)
            .graphQLContext(context -> context.put(Caller.class, caller)));
  }

  private Map<String, Object> environment(DataFetchingEnvironment asked) {
    return describe(opened(asked, asked.getArgument("id")));
  }

  private static Map<String, Object> describe(StandInEnvironment environment) {
    return Map.of(
        "id", environment.id(),
        "name", environment.name(),
        "projectId", PROJECT,
        "isEphemeral", false,
        "canAccess", true,
        "createdAt", CREATED,
        "updatedAt", CREATED);
  }

  private Map<String, Object> projectToken(DataFetchingEnvironment asked) {
    RailwayToken token = caller(asked).token();
    if (token == null || token.kind() != RailwayToken.Kind.PROJECT) {
      throw notAuthorized();
    }
    StandInEnvironment environment = opened(asked, railway.opens(token).stream().findFirst().orElse(""));
    return Map.of(
        "id", "token-1",
        "name", "logs",
        "displayToken", "****",
        "projectId", PROJECT,
        "environmentId", environment.id(),
        "environment", describe(environment),
        "createdAt", CREATED);
  }

  private Map<String, Object> serviceInstances(DataFetchingEnvironment asked) {
    Map<String, Object> environment = asked.getSource();
    String environmentId = (String) environment.get("id");
    List<Map.Entry<String, String>> all =
        new ArrayList<>(railway.environment(environmentId).services().entrySet());
    int from = asked.getArgument("after") == null ? 0 : Integer.parseInt(asked.getArgument("after"));
    int first = asked.getArgument("first") == null ? faults.pageSize : asked.getArgument("first");
    int to = Math.min(all.size(), from + Math.min(first, faults.pageSize));
    List<Map<String, Object>> edges = new ArrayList<>();
    for (int i = from; i < to; i++) {
      edges.add(Map.of("cursor", String.valueOf(i + 1), "node", instance(environmentId, all.get(i))));
    }
    Map<String, Object> page =
        Map.of("hasNextPage", to < all.size(), "hasPreviousPage", from > 0, "endCursor", String.valueOf(to));
    return Map.of("edges", edges, "pageInfo", page);
  }

  private static Map<String, Object> instance(String environmentId, Map.Entry<String, String> service) {
    return Map.of(
        "id", environmentId + "/" + service.getKey(),
        "serviceId", service.getKey(),
        "serviceName", service.getValue(),
        "environmentId", environmentId,
        "createdAt", CREATED,
        "updatedAt", CREATED,
        "activeDeployments", List.of());
  }

  private List<Map<String, Object>> storedLogs(DataFetchingEnvironment asked) {
    StandInEnvironment environment = opened(asked, asked.getArgument("environmentId"));
    Predicate<StandInRow> filter = StandInFilter.parse(asked.getArgument("filter"));
    Instant anchor = instant(asked, "anchorDate");
    Instant lower = instant(asked, "beforeDate");
    Instant upper = instant(asked, "afterDate");
    int before = limit(asked, "beforeLimit", DEFAULT_LIMIT) + (faults.oneMore ? 1 : 0);
    int after = limit(asked, "afterLimit", upper == null ? 0 : DEFAULT_LIMIT);

    if (anchor != null && lower != null && anchor.isBefore(lower)) {
      throw new StandInRefusal("beforeDate must be before anchorDate");
    }
    Predicate<StandInRow> upToAnchor = filter.and(row -> faults.boundaryRepeats || !row.time().equals(anchor));
    List<StandInRow> rows =
        new ArrayList<>(StandInEnvironment.newest(environment.find(lower, anchor, upToAnchor), before));
    if (anchor != null) {
      rows.addAll(StandInEnvironment.oldest(environment.find(anchor, upper, filter), after));
    }
    return rows.stream().map(row -> row.toLog(environment.id())).toList();
  }

  private StandInStream liveLogs(DataFetchingEnvironment asked) {
    StandInEnvironment environment = opened(asked, asked.getArgument("environmentId"));
    return new StandInStream(
        environment,
        StandInFilter.parse(asked.getArgument("filter")),
        instant(asked, "beforeDate"),
        limit(asked, "beforeLimit", DEFAULT_LIMIT),
        () -> faults.pollInterval);
  }

  private StandInEnvironment opened(DataFetchingEnvironment asked, String environmentId) {
    Caller caller = caller(asked);
    if (caller.refusal() != null) {
      throw new StandInRefusal(caller.refusal());
    }
    if (caller.token() == null || !railway.opens(caller.token()).contains(environmentId)) {
      throw notAuthorized();
    }
    return railway.environment(environmentId);
  }

  private static Caller caller(DataFetchingEnvironment asked) {
    return asked.getGraphQlContext().get(Caller.class);
  }

  private static StandInRefusal notAuthorized() {
    return new StandInRefusal("Not Authorized");
  }

  private Instant instant(DataFetchingEnvironment asked, String argument) {
    String text = asked.getArgument(argument);
    return text == null ? null : Instant.parse(text).truncatedTo(faults.boundsIn);
  }

  private static int limit(DataFetchingEnvironment asked, String argument, int otherwise) {
    Integer limit = asked.getArgument(argument);
    if (limit != null && (limit < 0 || limit > MOST)) {
      throw new StandInRefusal(argument + " must be at most " + MOST);
    }
    return limit == null ? otherwise : limit;
  }

  private static GraphQLScalarType text(String name) {
    return GraphQLScalarType.newScalar()
        .name(name)
        .coercing(
            new Coercing<String, String>() {
              @Override
              public String serialize(Object value, GraphQLContext context, Locale locale) {
                return value.toString();
              }

              @Override
              public String parseValue(Object value, GraphQLContext context, Locale locale) {
                return value.toString();
              }

              @Override
              public String parseLiteral(
                  Value<?> value, CoercedVariables variables, GraphQLContext context, Locale locale) {
                return ((StringValue) value).getValue();
              }
            })
        .build();
  }
}
