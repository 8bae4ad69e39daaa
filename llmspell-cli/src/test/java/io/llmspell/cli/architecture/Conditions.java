package io.llmspell.cli.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** The conditions that ArchUnit has no words for. */
final class Conditions {
    private Conditions() {}

    static ArchCondition<JavaClass> useOnlyLowerFloors() {
        return onDependencies(
                "use only modules of lower floors",
                (user, used) -> Module.of(used)
                        .flatMap(target -> Module.of(user).map(source -> source.mayUse(target)))
                        .orElse(true));
    }

    static ArchCondition<JavaClass> importOnlyTheLibrariesOfTheirModule() {
        return onDependencies("import only the libraries of their module", Libraries::mayImport);
    }

    static ArchCondition<JavaClass> keepOutOfForeignInternals() {
        return onDependencies(
                "keep out of the internal packages of other modules",
                (user, used) -> !isInternal(used) || Module.of(used).equals(Module.of(user)));
    }

    /** {@code allowed} gets the user and the used class; what it refuses is a violation. */
    private static ArchCondition<JavaClass> onDependencies(String text, BiPredicate<JavaClass, JavaClass> allowed) {
        return condition(text, (type, report) -> {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                if (!allowed.test(type, dependency.getTargetClass().getBaseComponentType())) {
                    report.accept(dependency.getDescription());
                }
            }
        });
    }

    static ArchCondition<JavaClass> lieInANullMarkedPackage() {
        return condition("lie in a package that is @NullMarked", (type, report) -> {
            if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                report.accept(type.getName() + ": its package has no package-info.java with @NullMarked");
            }
        });
    }

    static ArchCondition<JavaClass> haveNoLibraryInPublicSignatures() {
        return condition("have no third-party type in a public signature", (type, report) -> {
            // The runner is no library; its log set-up is made by the log library.
            boolean runner = type.getPackageName().equals("io.llmspell.cli");
            if (!isVisible(type) || isInternal(type) || runner) {
                return;
            }
            parents(type)
                    .filter(used -> !Libraries.maySignWith(type, used))
                    .forEach(used -> report.accept(type.getName() + " extends or implements " + used.getName()));
            for (JavaMember member : type.getMembers()) {
                if (isVisible(member)) {
                    typesOf(member)
                            .filter(used -> !Libraries.maySignWith(type, used))
                            .forEach(used -> report.accept(member.getFullName() + " shows " + used.getName()));
                }
            }
        });
    }

    private static Stream<JavaClass> parents(JavaClass type) {
        return Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream())
                .flatMap(Conditions::rawTypes);
    }

    private static Stream<JavaClass> typesOf(JavaMember member) {
        if (member instanceof JavaField field) {
            return rawTypes(field.getType());
        }
        JavaCodeUnit unit = (JavaCodeUnit) member;
        return Stream.of(
                        rawTypes(unit.getReturnType()),
                        unit.getParameterTypes().stream().flatMap(Conditions::rawTypes),
                        unit.getThrowsClause().getTypes().stream())
                .flatMap(types -> types);
    }

    private static Stream<JavaClass> rawTypes(JavaType type) {
        return type.getAllInvolvedRawTypes().stream().map(JavaClass::getBaseComponentType);
    }

    static ArchCondition<JavaClass> beFewOfALeaf() {
        return perModule(
                "be one provider and one settings type if they are public in a leaf",
                module -> module.isLeaf(),
                (module, types) -> {
                    List<JavaClass> shown = publicOnes(types);
                    long providers = shown.stream()
                            .filter(type -> type.getSimpleName().endsWith("Provider"))
                            .count();
                    return providers <= 1 && shown.size() - providers <= 1
                            ? ""
                            : module + " shows " + names(shown) + "; a leaf shows its provider and one settings type";
                });
    }

    static ArchCondition<JavaClass> bePublicInHalfOfAllCasesAtMost() {
        return perModule(
                "be public in half of all cases at most",
                module -> module != Module.CORE && module != Module.TESTING,
                (module, types) -> {
                    List<JavaClass> shown = publicOnes(types);
                    return shown.size() * 2 <= types.size() || types.size() == 1
                            ? ""
                            : module + " shows " + shown.size() + " of " + types.size() + " types: " + names(shown);
                });
    }

    static ArchCondition<JavaClass> comeFromEveryModule() {
        return new ArchCondition<>("come from every module") {
            private final Set<Module> seen = EnumSet.noneOf(Module.class);

            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!type.getSimpleName().equals("package-info")) {
                    Module.of(type).ifPresent(seen::add);
                }
            }

            @Override
            public void finish(ConditionEvents events) {
                Set<Module> missing = EnumSet.complementOf(EnumSet.copyOf(seen));
                if (!missing.isEmpty()) {
                    events.add(SimpleConditionEvent.violated(missing, "no class was analysed of " + missing));
                }
                seen.clear();
            }
        };
    }

    private static List<JavaClass> publicOnes(Collection<JavaClass> types) {
        return types.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC) && !isInternal(type))
                .toList();
    }

    private static String names(Collection<JavaClass> types) {
        return types.stream()
                .map(JavaClass::getName)
                .collect(Collectors.toCollection(TreeSet::new))
                .toString();
    }

    private static boolean isInternal(JavaClass type) {
        return (type.getPackageName() + ".").contains(".internal.");
    }

    private static boolean isVisible(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(Conditions::isVisible).orElse(true);
    }

    private static boolean isVisible(JavaMember member) {
        return !member.getModifiers().contains(JavaModifier.SYNTHETIC)
                && (member.getModifiers().contains(JavaModifier.PUBLIC)
                        || member.getModifiers().contains(JavaModifier.PROTECTED));
    }

    static ArchCondition<JavaClass> condition(String text, Check check) {
        return new ArchCondition<>(text) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                check.check(type, message -> events.add(SimpleConditionEvent.violated(type, message)));
            }
        };
    }

    /** Collects the top-level types of each module; {@code judge} returns what is wrong, or nothing. */
    private static ArchCondition<JavaClass> perModule(String text, Predicate<Module> which, Judge judge) {
        return new ArchCondition<>(text) {
            private final Map<Module, List<JavaClass>> types = new EnumMap<>(Module.class);

            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (type.isTopLevelClass() && !type.getSimpleName().equals("package-info")) {
                    Module.of(type)
                            .filter(which)
                            .ifPresent(module -> types.computeIfAbsent(module, any -> new ArrayList<>())
                                    .add(type));
                }
            }

            @Override
            public void finish(ConditionEvents events) {
                types.forEach((module, all) -> {
                    String wrong = judge.judge(module, all);
                    if (!wrong.isEmpty()) {
                        events.add(SimpleConditionEvent.violated(module, wrong));
                    }
                });
                types.clear();
            }
        };
    }

    /** Looks at one class and reports each violation. */
    interface Check {
        void check(JavaClass type, Consumer<String> report);
    }

    /** Looks at the types of one module. */
    private interface Judge {
        String judge(Module module, List<JavaClass> types);
    }
}
