import static org.objectweb.asm.Opcodes.*;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.GeneratorAdapter;
import org.objectweb.asm.commons.JSRInlinerAdapter;
import org.objectweb.asm.commons.Method;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Rewrites the class files of the packaged runner so that it starts faster: {@code RewriteClasses.java FOLDER}, the
 * folder with its jars.
 *
 * <ul>
 *   <li>In every jar: class files older than version 50, which class data sharing refuses, are raised to 52.
 *   <li>In our own jars: {@code invokedynamic} of lambdas, string concatenation and records becomes the plain code that
 *       it stands for. The archive holds plain classes ready to use, while each of the others is linked anew at every
 *       start.
 * </ul>
 *
 * <p>A jar in which nothing is left to do stays as it is, so that a second run changes nothing. See
 * {@code docs/decisions/0005-class-files-of-the-runner.md}. <b>Threads:</b> one.
 */
final class RewriteClasses {
    private static final String OURS = "llmspell-";
    private static final int FIRST_SHARED = 50;
    private static final int FIRST_WITH_NESTS = 55;

    /** Parts of LuaJ that need libraries which are not there, and that nothing here uses. */
    private static final List<String> DROPPED = List.of(
            "org/luaj/vm2/luajc/", "org/luaj/vm2/script/", "lua.class", "luac.class", "luajc.class",
            "META-INF/services/javax.script.ScriptEngineFactory");

    private final ClassLoader types;

    private RewriteClasses(ClassLoader types) {
        this.types = types;
    }

    public static void main(String[] arguments) throws IOException {
        List<Path> jars;
        try (Stream<Path> found = Files.list(Path.of(arguments[0]))) {
            jars = found.filter(each -> each.toString().endsWith(".jar")).sorted().toList();
        }
        for (Path jar : jars) {
            try (URLClassLoader types = new URLClassLoader(new URL[] {url(jar)})) {
                new RewriteClasses(types).rewrite(jar);
            }
        }
    }

    private static URL url(Path jar) throws MalformedURLException {
        return jar.toUri().toURL();
    }

    private void rewrite(Path jar) throws IOException {
        boolean ours = jar.getFileName().toString().startsWith(OURS);
        try (ZipFile in = new ZipFile(jar.toFile())) {
            if (!ours && !in.stream().anyMatch(entry -> isOld(in, entry))) {
                return;
            }
            Map<String, byte[]> changed = ours ? new Plain(in).classes() : raised(in);
            if (!changed.isEmpty()) {
                Path beside = jar.resolveSibling(jar.getFileName() + ".new");
                write(in, changed, beside);
                Files.move(beside, jar, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static boolean isClass(ZipEntry entry) {
        String name = entry.getName();
        return name.endsWith(".class") && !name.startsWith("META-INF/") && !name.equals("module-info.class");
    }

    private static boolean isOld(ZipFile jar, ZipEntry entry) {
        return isClass(entry) && version(bytes(jar, entry)) < FIRST_SHARED;
    }

    private static int version(byte[] code) {
        return (code[6] & 0xFF) << 8 | code[7] & 0xFF;
    }

    private static byte[] bytes(ZipFile jar, ZipEntry entry) {
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void write(ZipFile in, Map<String, byte[]> changed, Path to) throws IOException {
        Map<String, byte[]> left = new LinkedHashMap<>(changed);
        long time = 0;
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
            for (ZipEntry entry : (Iterable<ZipEntry>) in.stream().map(ZipEntry.class::cast)::iterator) {
                if (DROPPED.stream().noneMatch(entry.getName()::startsWith)) {
                    time = entry.getTime();
                    byte[] code = left.remove(entry.getName());
                    put(out, entry.getName(), time, code != null ? code : bytes(in, entry));
                }
            }
            for (Map.Entry<String, byte[]> added : left.entrySet()) {
                put(out, added.getKey(), time, added.getValue());
            }
        }
    }

    private static void put(ZipOutputStream out, String name, long time, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(time);
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }

    // --- old class files -----------------------------------------------------------------------

    private Map<String, byte[]> raised(ZipFile jar) {
        Map<String, byte[]> changed = new LinkedHashMap<>();
        jar.stream()
                .filter(RewriteClasses::isClass)
                .filter(entry -> DROPPED.stream().noneMatch(entry.getName()::startsWith))
                .forEach(entry -> {
                    byte[] code = bytes(jar, entry);
                    if (version(code) < FIRST_SHARED) {
                        changed.put(entry.getName(), raised(code));
                    }
                });
        return changed;
    }

    /** Version 52 asks for stack frames and knows no subroutines. */
    private byte[] raised(byte[] code) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
            @Override
            protected ClassLoader getClassLoader() {
                return types;
            }
        };
        ClassVisitor raising = new ClassVisitor(ASM9, writer) {
            @Override
            public void visit(int old, int access, String name, String signature, String parent, String[] interfaces) {
                super.visit(V1_8, access, name, signature, parent, interfaces);
            }

            @Override
            public MethodVisitor visitMethod(
                    int access, String name, String type, String signature, String[] exceptions) {
                MethodVisitor to = super.visitMethod(access, name, type, signature, exceptions);
                return new JSRInlinerAdapter(to, access, name, type, signature, exceptions);
            }
        };
        new ClassReader(code).accept(raising, ClassReader.SKIP_FRAMES);
        return writer.toByteArray();
    }

    // --- invokedynamic -------------------------------------------------------------------------

    /** Makes the classes of one jar plain. */
    private static final class Plain {
        private final Map<String, ClassNode> all = new LinkedHashMap<>();
        private final Set<String> touched = new TreeSet<>();
        private final Map<String, ClassNode> added = new LinkedHashMap<>();

        Plain(ZipFile jar) {
            jar.stream().filter(RewriteClasses::isClass).forEach(entry -> {
                ClassNode read = new ClassNode();
                new ClassReader(bytes(jar, entry)).accept(read, 0);
                all.put(read.name, read);
            });
        }

        Map<String, byte[]> classes() {
            all.values().stream()
                    .filter(each -> (each.version & 0xFFFF) >= FIRST_WITH_NESTS)
                    .forEach(this::rewrite);
            Map<String, byte[]> changed = new LinkedHashMap<>();
            touched.forEach(name -> changed.put(name + ".class", code(all.get(name))));
            added.forEach((name, made) -> changed.put(name + ".class", code(made)));
            return changed;
        }

        private static byte[] code(ClassNode node) {
            ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
            node.accept(writer);
            return writer.toByteArray();
        }

        private void rewrite(ClassNode owner) {
            List<MethodNode> made = new ArrayList<>();
            for (MethodNode method : owner.methods) {
                ListIterator<AbstractInsnNode> code = method.instructions.iterator();
                while (code.hasNext()) {
                    if (code.next() instanceof InvokeDynamicInsnNode call) {
                        MethodInsnNode plain = plain(owner, call, owner.methods.size() + made.size(), made);
                        if (plain != null) {
                            code.set(plain);
                            touched.add(owner.name);
                        }
                    }
                }
            }
            owner.methods.addAll(made);
        }

        /** The call that does the same, or null if this kind is left alone. */
        private MethodInsnNode plain(ClassNode owner, InvokeDynamicInsnNode call, int number, List<MethodNode> made) {
            String maker = call.bsm.getOwner() + "." + call.bsm.getName();
            switch (maker) {
                case "java/lang/invoke/LambdaMetafactory.metafactory":
                    return lambda(owner, call);
                case "java/lang/invoke/StringConcatFactory.makeConcatWithConstants":
                    return helper(owner, call, "concat$" + number, made, RewriteClasses::concat);
                case "java/lang/runtime/ObjectMethods.bootstrap":
                    return helper(owner, call, call.name + "$" + number, made, RewriteClasses::recordMethod);
                default:
                    return null;
            }
        }

        /** A static method of the class itself that takes what the dynamic call takes. */
        private static MethodInsnNode helper(
                ClassNode owner, InvokeDynamicInsnNode call, String name, List<MethodNode> made, Body body) {
            int access = ACC_PRIVATE | ACC_STATIC | ACC_SYNTHETIC;
            MethodNode method = new MethodNode(access, name, call.desc, null, null);
            GeneratorAdapter code = new GeneratorAdapter(method, access, name, call.desc);
            body.write(code, owner, call);
            code.returnValue();
            code.endMethod();
            made.add(method);
            return new MethodInsnNode(INVOKESTATIC, owner.name, name, call.desc, isInterface(owner.access));
        }

        /** A class beside its user, of the same nest, so that it may call private methods as the lambda may. */
        private MethodInsnNode lambda(ClassNode owner, InvokeDynamicInsnNode call) {
            ClassNode host = owner.nestHostClass == null ? owner : all.get(owner.nestHostClass);
            ClassNode made = new ClassNode();
            made.name = owner.name + "$$Lambda" + (added.size() + 1);
            made.version = owner.version;
            made.access = ACC_FINAL | ACC_SUPER | ACC_SYNTHETIC;
            made.superName = "java/lang/Object";
            made.interfaces = List.of(Type.getReturnType(call.desc).getInternalName());
            made.nestHostClass = host.name;
            new Lambda(made, call).write();
            host.nestMembers = host.nestMembers == null ? new ArrayList<>() : new ArrayList<>(host.nestMembers);
            host.nestMembers.add(made.name);
            touched.add(host.name);
            added.put(made.name, made);
            return new MethodInsnNode(INVOKESTATIC, made.name, Lambda.MAKE, call.desc, false);
        }
    }

    private static boolean isInterface(int access) {
        return (access & ACC_INTERFACE) != 0;
    }

    /** Writes the code of a helper; the value to return is then on the stack. */
    private interface Body {
        void write(GeneratorAdapter code, ClassNode owner, InvokeDynamicInsnNode call);
    }

    /** In the recipe, 1 stands for the next argument and 2 for the next constant. */
    private static void concat(GeneratorAdapter code, ClassNode owner, InvokeDynamicInsnNode call) {
        Type builder = Type.getObjectType("java/lang/StringBuilder");
        String recipe = (String) call.bsmArgs[0];
        Type[] types = Type.getArgumentTypes(call.desc);
        code.newInstance(builder);
        code.dup();
        code.invokeConstructor(builder, Method.getMethod("void <init> ()"));
        int argument = 0;
        int constant = 1;
        StringBuilder text = new StringBuilder();
        for (char each : (recipe + '\u0001').toCharArray()) {
            if (each == '\u0002') {
                Object value = call.bsmArgs[constant++];
                if (value instanceof ConstantDynamic) {
                    throw new IllegalStateException("a constant in " + owner.name + " is computed: " + value);
                }
                text.append(value instanceof Type type ? type.getClassName() : value);
            } else if (each == '\u0001') {
                if (text.length() > 0) {
                    code.push(text.toString());
                    append(code, Type.getType(String.class));
                    text.setLength(0);
                }
                if (argument < types.length) {
                    code.loadArg(argument);
                    append(code, types[argument++]);
                }
            } else {
                text.append(each);
            }
        }
        code.invokeVirtual(builder, Method.getMethod("String toString ()"));
    }

    private static void append(GeneratorAdapter code, Type type) {
        Type shown = switch (type.getSort()) {
            case Type.BYTE, Type.SHORT -> Type.INT_TYPE;
            case Type.ARRAY -> Type.getType(Object.class);
            case Type.OBJECT -> type.getClassName().equals("java.lang.String") ? type : Type.getType(Object.class);
            default -> type;
        };
        Type builder = Type.getObjectType("java/lang/StringBuilder");
        code.invokeVirtual(builder, new Method("append", builder, new Type[] {shown}));
    }

    /** The methods that a record has of itself. */
    private static void recordMethod(GeneratorAdapter code, ClassNode owner, InvokeDynamicInsnNode call) {
        Type self = Type.getObjectType(owner.name);
        List<Handle> fields = Stream.of(call.bsmArgs).skip(2).map(Handle.class::cast).toList();
        switch (call.name) {
            case "hashCode" -> recordHash(code, self, fields);
            case "equals" -> recordEquals(code, self, fields);
            default -> recordText(code, self, fields);
        }
    }

    private static void recordHash(GeneratorAdapter code, Type self, List<Handle> fields) {
        code.push(0);
        for (Handle field : fields) {
            Type type = Type.getType(field.getDesc());
            code.push(31);
            code.math(GeneratorAdapter.MUL, Type.INT_TYPE);
            code.loadArg(0);
            code.getField(self, field.getName(), type);
            if (isPrimitive(type)) {
                code.invokeStatic(box(type), new Method("hashCode", Type.INT_TYPE, new Type[] {type}));
            } else {
                code.invokeStatic(Type.getType(java.util.Objects.class), Method.getMethod("int hashCode (Object)"));
            }
            code.math(GeneratorAdapter.ADD, Type.INT_TYPE);
        }
    }

    private static void recordEquals(GeneratorAdapter code, Type self, List<Handle> fields) {
        Label different = code.newLabel();
        code.loadArg(1);
        code.instanceOf(self);
        code.ifZCmp(GeneratorAdapter.EQ, different);
        for (Handle field : fields) {
            Type type = Type.getType(field.getDesc());
            code.loadArg(0);
            code.getField(self, field.getName(), type);
            code.loadArg(1);
            code.checkCast(self);
            code.getField(self, field.getName(), type);
            if (type.equals(Type.FLOAT_TYPE) || type.equals(Type.DOUBLE_TYPE)) {
                code.invokeStatic(box(type), new Method("compare", Type.INT_TYPE, new Type[] {type, type}));
                code.ifZCmp(GeneratorAdapter.NE, different);
            } else if (isPrimitive(type)) {
                code.ifCmp(type, GeneratorAdapter.NE, different);
            } else {
                code.invokeStatic(
                        Type.getType(java.util.Objects.class), Method.getMethod("boolean equals (Object, Object)"));
                code.ifZCmp(GeneratorAdapter.EQ, different);
            }
        }
        code.push(true);
        code.returnValue();
        code.mark(different);
        code.visitFrame(F_NEW, 2, new Object[] {self.getInternalName(), "java/lang/Object"}, 0, new Object[0]);
        code.push(false);
    }

    private static void recordText(GeneratorAdapter code, Type self, List<Handle> fields) {
        Type builder = Type.getObjectType("java/lang/StringBuilder");
        String name = self.getClassName();
        String simple = name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
        code.newInstance(builder);
        code.dup();
        code.invokeConstructor(builder, Method.getMethod("void <init> ()"));
        String before = simple + "[";
        for (Handle field : fields) {
            code.push(before + field.getName() + "=");
            append(code, Type.getType(String.class));
            code.loadArg(0);
            code.getField(self, field.getName(), Type.getType(field.getDesc()));
            append(code, Type.getType(field.getDesc()));
            before = ", ";
        }
        code.push(fields.isEmpty() ? before + "]" : "]");
        append(code, Type.getType(String.class));
        code.invokeVirtual(builder, Method.getMethod("String toString ()"));
    }

    private static boolean isPrimitive(Type type) {
        return type.getSort() < Type.ARRAY;
    }

    private static Type box(Type primitive) {
        return switch (primitive.getSort()) {
            case Type.BOOLEAN -> Type.getType(Boolean.class);
            case Type.CHAR -> Type.getType(Character.class);
            case Type.BYTE -> Type.getType(Byte.class);
            case Type.SHORT -> Type.getType(Short.class);
            case Type.INT -> Type.getType(Integer.class);
            case Type.FLOAT -> Type.getType(Float.class);
            case Type.LONG -> Type.getType(Long.class);
            case Type.DOUBLE -> Type.getType(Double.class);
            default -> throw new IllegalArgumentException(primitive.toString());
        };
    }

    /** The class of one lambda or method reference. */
    private static final class Lambda {
        static final String MAKE = "make";

        private final ClassNode made;
        private final Type self;
        private final Type[] captured;
        private final String makeType;
        private final Method shown;
        private final Type[] given;
        private final Handle target;

        Lambda(ClassNode made, InvokeDynamicInsnNode call) {
            this.made = made;
            this.self = Type.getObjectType(made.name);
            this.captured = Type.getArgumentTypes(call.desc);
            this.makeType = call.desc;
            this.shown = new Method(call.name, ((Type) call.bsmArgs[0]).getDescriptor());
            this.target = (Handle) call.bsmArgs[1];
            this.given = ((Type) call.bsmArgs[2]).getArgumentTypes();
        }

        void write() {
            for (int i = 0; i < captured.length; i++) {
                made.visitField(ACC_PRIVATE | ACC_FINAL, "c" + i, captured[i].getDescriptor(), null, null);
            }
            Method constructor = new Method("<init>", Type.VOID_TYPE, captured);
            writeConstructor(constructor);
            writeMaker(constructor);
            writeCall();
        }

        private GeneratorAdapter method(int access, Method method) {
            MethodVisitor to = made.visitMethod(access, method.getName(), method.getDescriptor(), null, null);
            GeneratorAdapter code = new GeneratorAdapter(access, method, to);
            code.visitCode();
            return code;
        }

        private void writeConstructor(Method constructor) {
            GeneratorAdapter code = method(ACC_PRIVATE, constructor);
            code.loadThis();
            code.invokeConstructor(Type.getType(Object.class), Method.getMethod("void <init> ()"));
            for (int i = 0; i < captured.length; i++) {
                code.loadThis();
                code.loadArg(i);
                code.putField(self, "c" + i, captured[i]);
            }
            code.returnValue();
            code.endMethod();
        }

        /** What captures nothing exists once, as with a lambda. */
        private void writeMaker(Method constructor) {
            GeneratorAdapter code = method(ACC_STATIC, new Method(MAKE, makeType));
            if (captured.length == 0) {
                made.visitField(ACC_PRIVATE | ACC_STATIC | ACC_FINAL, "ONE", self.getDescriptor(), null, null);
                GeneratorAdapter once = method(ACC_STATIC, Method.getMethod("void <clinit> ()"));
                create(once, constructor);
                once.putStatic(self, "ONE", self);
                once.returnValue();
                once.endMethod();
                code.getStatic(self, "ONE", self);
            } else {
                create(code, constructor);
            }
            code.returnValue();
            code.endMethod();
        }

        private void create(GeneratorAdapter code, Method constructor) {
            code.newInstance(self);
            code.dup();
            if (captured.length > 0) {
                code.loadArgs();
            }
            code.invokeConstructor(self, constructor);
        }

        private void writeCall() {
            GeneratorAdapter code = method(ACC_PUBLIC | ACC_FINAL, shown);
            Type owner = Type.getObjectType(target.getOwner());
            boolean creates = target.getTag() == H_NEWINVOKESPECIAL;
            if (creates) {
                code.newInstance(owner);
                code.dup();
            }
            List<Type> wanted = new ArrayList<>();
            if (target.getTag() != H_INVOKESTATIC && !creates) {
                wanted.add(owner);
            }
            wanted.addAll(List.of(Type.getArgumentTypes(target.getDesc())));
            for (int i = 0; i < captured.length; i++) {
                code.loadThis();
                code.getField(self, "c" + i, captured[i]);
                convert(code, captured[i], captured[i], wanted.get(i));
            }
            Type[] arguments = shown.getArgumentTypes();
            for (int i = 0; i < arguments.length; i++) {
                code.loadArg(i);
                convert(code, arguments[i], given[i], wanted.get(captured.length + i));
            }
            call(code);
            answer(code, creates ? owner : Type.getReturnType(target.getDesc()), shown.getReturnType());
            code.returnValue();
            code.endMethod();
        }

        private void call(GeneratorAdapter code) {
            int instruction = switch (target.getTag()) {
                case H_INVOKESTATIC -> INVOKESTATIC;
                case H_INVOKEINTERFACE -> INVOKEINTERFACE;
                case H_NEWINVOKESPECIAL -> INVOKESPECIAL;
                // A private method: within the nest it is called like any other.
                default -> target.isInterface() ? INVOKEINTERFACE : INVOKEVIRTUAL;
            };
            code.visitMethodInsn(
                    instruction, target.getOwner(), target.getName(), target.getDesc(), target.isInterface());
        }

        /** From the type of the interface's method, known to be {@code sure}, to what the target takes. */
        private static void convert(GeneratorAdapter code, Type from, Type sure, Type to) {
            if (from.equals(to)) {
                return;
            }
            if (isPrimitive(from) && isPrimitive(to)) {
                code.cast(from, to);
            } else if (isPrimitive(from)) {
                code.valueOf(from);
            } else if (isPrimitive(to)) {
                Type value = unboxed(sure, to);
                code.unbox(value);
                code.cast(value, to);
            } else {
                code.checkCast(to);
            }
        }

        private static Type unboxed(Type boxed, Type otherwise) {
            for (Type each : List.of(
                    Type.BOOLEAN_TYPE, Type.CHAR_TYPE, Type.BYTE_TYPE, Type.SHORT_TYPE, Type.INT_TYPE,
                    Type.FLOAT_TYPE, Type.LONG_TYPE, Type.DOUBLE_TYPE)) {
                if (box(each).equals(boxed)) {
                    return each;
                }
            }
            return otherwise;
        }

        private static void answer(GeneratorAdapter code, Type from, Type to) {
            if (to.equals(Type.VOID_TYPE)) {
                if (from.getSize() == 2) {
                    code.pop2();
                } else if (from.getSize() == 1) {
                    code.pop();
                }
            } else if (!to.equals(Type.getType(Object.class)) || isPrimitive(from)) {
                convert(code, from, from, to);
            }
        }
    }
}
