package io.llmspell.cli.architecture;

import static com.tngtech.archunit.lang.conditions.ArchConditions.accessTargetWhere;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callCodeUnitWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.time.Clock;
import java.time.temporal.Temporal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The rules, by name: {@link ArchitectureTest} runs each on all modules, {@link ArchitectureFaultTest} on a fault
 * planted for it.
 */
final class ArchitectureRules {
    static final ArchRule MODULES_ARE_SEEN =
            classes().should(Conditions.comeFromEveryModule()).because("rules on no classes hold always");

    static final ArchRule FLOORS = classes().should(Conditions.useOnlyLowerFloors());

    static final ArchRule NO_CYCLE_OF_MODULES =
            slices("modules", type -> Module.of(type).map(Module::toString));

    /** An internal package counts as the one it hides behind: a factory there may make what is here. */
    static final ArchRule NO_CYCLE_OF_PACKAGES =
            slices("packages", type -> Optional.of(type.getPackageName().replace(".internal", "")));

    static final ArchRule LIBRARIES = classes()
            .should(Conditions.importOnlyTheLibrariesOfTheirModule())
            .because("each library has one home (see Libraries)");

    static final ArchRule ROCKSDB = onlyIn("org.rocksdb..", "io.llmspell.storage.rocksdb..");

    static final ArchRule SCRIPT_ENGINES = onlyIn("org.luaj..", "io.llmspell.bridge.lua..");

    static final ArchRule INTERNALS = classes().should(Conditions.keepOutOfForeignInternals());

    static final ArchRule NULL_MARKED = classes().should(Conditions.lieInANullMarkedPackage());

    static final ArchRule FINAL_CLASSES = classes()
            .that(are("top-level concrete classes that are not sealed", ArchitectureRules::isTopLevelConcrete))
            .should()
            .haveModifier(JavaModifier.FINAL)
            .allowEmptyShould(true);

    /** What users can meet. ScriptExit is no error: it carries a script's wish to end. */
    static final ArchRule EXCEPTIONS = classes()
            .that()
            .areAssignableTo(Exception.class)
            .and()
            .arePublic()
            .and()
            .doNotHaveFullyQualifiedName("io.llmspell.core.script.ScriptExit")
            .should()
            .beAssignableTo("io.llmspell.core.error.LlmSpellException")
            .andShould()
            .haveSimpleNameEndingWith("Exception")
            .allowEmptyShould(true);

    static final ArchRule STANDARD_STREAMS = noClasses()
            .that()
            .resideOutsideOfPackage("io.llmspell.cli..")
            .should(accessTargetWhere(
                    access("System.out, System.err or printStackTrace", ArchitectureRules::isPrinting)))
            .allowEmptyShould(true);

    static final ArchRule NO_GENERIC_EXCEPTION = noClasses()
            .should(callCodeUnitWhere(call("makes an exception without a code", ArchitectureRules::isGeneric)))
            .because("users see only coded subclasses of LlmSpellException");

    static final ArchRule NO_JAVA_UTIL_LOGGING =
            noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging..");

    static final ArchRule CLOCKS = noClasses()
            .that()
            .resideOutsideOfPackage("io.llmspell.core.time..")
            .should(callCodeUnitWhere(call("reads the clock or sleeps", ArchitectureRules::isTimed)))
            .because("time comes from an injected TimeSource")
            .allowEmptyShould(true);

    static final ArchRule BLOCKING_WAITS = noClasses()
            .that()
            .resideOutsideOfPackages("io.llmspell.core.concurrent..", "io.llmspell.testing..")
            .should(callCodeUnitWhere(call("waits for a result", ArchitectureRules::isBlocking)))
            .because("all blocking waits go through core's Awaiter")
            .allowEmptyShould(true);

    static final ArchRule LEAVES = classes().should(Conditions.beFewOfALeaf());

    static final ArchRule PUBLIC_SHARE = classes().should(Conditions.bePublicInHalfOfAllCasesAtMost());

    static final ArchRule RUNNER_SHOWS_MAIN = classes()
            .that()
            .resideInAPackage("io.llmspell.cli..")
            .and()
            .arePublic()
            .and()
            .areTopLevelClasses()
            .and()
            .doNotHaveFullyQualifiedName("io.llmspell.cli.LogProvider") // the log library makes it by reflection
            .should()
            .haveSimpleName("Main")
            .allowEmptyShould(true);

    static final ArchRule SIGNATURES = classes().should(Conditions.haveNoLibraryInPublicSignatures());

    /** Settings, values and views of built-ins are records, enums and interfaces. */
    static final ArchRule BUILTINS = classes()
            .that()
            .resideInAPackage("..builtin")
            .and()
            .arePublic()
            .and()
            .areTopLevelClasses()
            .and()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .areNotRecords()
            .should()
            .haveNameMatching(".*(Hooks?|Tools?|Services|Builder)")
            .allowEmptyShould(true);

    private ArchitectureRules() {}

    /** All rules; the order is that of a report. */
    static Map<String, ArchRule> all() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put("modulesAreSeen", MODULES_ARE_SEEN);
        rules.put("floors", FLOORS);
        rules.put("noCycleOfModules", NO_CYCLE_OF_MODULES);
        rules.put("noCycleOfPackages", NO_CYCLE_OF_PACKAGES);
        rules.put("libraries", LIBRARIES);
        rules.put("rocksdb", ROCKSDB);
        rules.put("scriptEngines", SCRIPT_ENGINES);
        rules.put("internals", INTERNALS);
        rules.put("nullMarked", NULL_MARKED);
        rules.put("finalClasses", FINAL_CLASSES);
        rules.put("exceptions", EXCEPTIONS);
        rules.put("standardStreams", STANDARD_STREAMS);
        rules.put("noGenericException", NO_GENERIC_EXCEPTION);
        rules.put("noJavaUtilLogging", NO_JAVA_UTIL_LOGGING);
        rules.put("clocks", CLOCKS);
        rules.put("blockingWaits", BLOCKING_WAITS);
        rules.put("leaves", LEAVES);
        rules.put("publicShare", PUBLIC_SHARE);
        rules.put("runnerShowsMain", RUNNER_SHOWS_MAIN);
        rules.put("signatures", SIGNATURES);
        rules.put("builtins", BUILTINS);
        return rules;
    }

    private static ArchRule onlyIn(String library, String home) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(home)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .allowEmptyShould(true);
    }

    private static ArchRule slices(String name, Function<JavaClass, Optional<String>> slice) {
        SliceAssignment assignment = new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return slice.apply(type).map(SliceIdentifier::of).orElseGet(SliceIdentifier::ignore);
            }

            @Override
            public String getDescription() {
                return name;
            }
        };
        return SlicesRuleDefinition.slices().assignedFrom(assignment).should().beFreeOfCycles();
    }

    private static boolean isTopLevelConcrete(JavaClass type) {
        return type.isTopLevelClass()
                && !type.isInterface()
                && !type.isEnum()
                && !type.getModifiers().contains(JavaModifier.ABSTRACT)
                && !type.isAssignableTo(Throwable.class)
                && !type.reflect().isSealed();
    }

    /** A call of super(…) in a subclass is no use of the class. */
    private static boolean isGeneric(JavaCall<?> call) {
        JavaClass type = call.getTargetOwner();
        return call.getName().equals(JavaConstructor.CONSTRUCTOR_NAME)
                && Set.of(
                                Throwable.class,
                                Exception.class,
                                RuntimeException.class,
                                Error.class,
                                IllegalStateException.class,
                                IllegalArgumentException.class)
                        .stream()
                        .anyMatch(type::isEquivalentTo)
                && !call.getOriginOwner().isAssignableTo(type.getName());
    }

    private static boolean isTimed(JavaCall<?> call) {
        JavaClass owner = call.getTargetOwner();
        return switch (call.getName()) {
            case "currentTimeMillis", "nanoTime" -> owner.isEquivalentTo(System.class);
            case "sleep" -> owner.isEquivalentTo(Thread.class);
            case "now" -> owner.isAssignableTo(Temporal.class);
            default -> owner.isEquivalentTo(Clock.class) && call.getName().startsWith("system");
        };
    }

    private static boolean isBlocking(JavaCall<?> call) {
        String owner = call.getTargetOwner().getName();
        return switch (call.getName()) {
            case "get", "join" -> call.getTargetOwner().isAssignableTo(Future.class);
            case "block", "blockOptional" -> owner.equals("reactor.core.publisher.Mono");
            case "blockFirst", "blockLast", "toIterable", "toStream" -> owner.equals("reactor.core.publisher.Flux");
            default -> false;
        };
    }

    private static boolean isPrinting(JavaAccess<?> access) {
        return switch (access.getName()) {
            case "out", "err" -> access.getTargetOwner().isEquivalentTo(System.class);
            case "printStackTrace" -> true;
            default -> false;
        };
    }

    private static DescribedPredicate<JavaClass> are(String text, Predicate<JavaClass> test) {
        return DescribedPredicate.describe(text, test);
    }

    private static DescribedPredicate<JavaCall<?>> call(String text, Predicate<JavaCall<?>> test) {
        return DescribedPredicate.describe(text, test);
    }

    private static DescribedPredicate<JavaAccess<?>> access(String text, Predicate<JavaAccess<?>> test) {
        return DescribedPredicate.describe(text, test);
    }
}
