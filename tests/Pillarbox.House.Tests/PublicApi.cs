using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Pillarbox.House.Tests;

/// <summary>Writes an assembly's public surface as text: a type, then its members, in a fixed order.</summary>
internal static class PublicApi
{
    private const BindingFlags _declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    // What the compiler gives every record says nothing about its design.
    private static readonly string[] _ofRecords =
        ["<Clone>$", "Equals", "GetHashCode", "ToString", "PrintMembers", "op_Equality", "op_Inequality", "Deconstruct", "EqualityContract"];

    private static readonly Dictionary<Type, string> _keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(char)] = "char",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(double)] = "double",
    };

    /// <summary>The surface.</summary>
    public static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(type.Namespace).Append('.').Append(Name(type)).Append(" : ").AppendLine(Kind(type));
            foreach (var member in Members(type).Order(StringComparer.Ordinal))
                text.Append("  ").AppendLine(member);
        }

        return text.ToString();
    }

    private static string[] Members(Type type)
    {
        if (type.IsEnum)
            return Enum.GetNames(type);

        if (typeof(Delegate).IsAssignableFrom(type))
            return [Signature(type.GetMethod("Invoke")!)];

        var record = IsRecord(type);
        var constructors = type.GetConstructors(_declared).Where(IsVisible).Select(constructor => $"new({Parameters(constructor)})");
        var methods = type.GetMethods(_declared)
            .Where(method => IsVisible(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)))
            .Where(method => !(record && _ofRecords.Contains(method.Name) && method.IsDefined(typeof(CompilerGeneratedAttribute))))
            .Select(Signature);
        var properties = type.GetProperties(_declared).Where(property => property.GetAccessors(nonPublic: true).Any(IsVisible))
            .Where(property => !(record && _ofRecords.Contains(property.Name))).Select(Property);
        var fields = type.GetFields(_declared).Where(field => field.IsPublic || field.IsFamily).Select(field => $"field {Name(field.FieldType)} {field.Name}");
        var events = type.GetEvents(_declared).Where(one => IsVisible(one.AddMethod!)).Select(one => $"event {Name(one.EventHandlerType!)} {one.Name}");
        return [.. constructors, .. methods, .. properties, .. fields, .. events];
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$", _declared) is not null ||
        (type.IsValueType && type.GetMethod("PrintMembers", _declared)?.IsDefined(typeof(CompilerGeneratedAttribute)) == true);

    private static string Kind(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
            { IsValueType: true } => IsRecord(type) ? "record struct" : "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            _ => $"{(type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "")}{(IsRecord(type) ? "record" : "class")}",
        };
        var bases = type.GetInterfaces().Where(one => one.IsPublic && !(one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IEquatable<>)))
            .Select(Name).Order(StringComparer.Ordinal);
        var parent = type.BaseType is { } super && super != typeof(object) && super != typeof(ValueType) && super != typeof(Enum) && super != typeof(MulticastDelegate)
            ? [Name(super)]
            : Array.Empty<string>();
        var all = type.IsEnum ? "" : string.Join(", ", parent.Concat(bases));
        return all.Length == 0 ? kind : $"{kind}, {all}";
    }

    private static string Signature(MethodInfo method)
    {
        var generic = method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";
        var modifier = method.IsStatic ? "static " : method is { IsVirtual: true, IsFinal: false } && !method.DeclaringType!.IsInterface ? "virtual " : "";
        return $"{modifier}{Name(method.ReturnType)} {method.Name}{generic}({Parameters(method)})";
    }

    private static string Property(PropertyInfo property)
    {
        var accessors = property.GetAccessors(nonPublic: true).Where(IsVisible).Select(accessor =>
            accessor == property.GetMethod ? "get;"
            : accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init;" : "set;");
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var anchor = property.GetAccessors(nonPublic: true)[0].IsStatic ? "static " : "";
        return $"{required}{anchor}{Name(property.PropertyType)} {property.Name} {{ {string.Join(' ', accessors)} }}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
    {
        var passing = parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.ParameterType.IsByRef ? "ref " : "";
        return $"{passing}{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? " = …" : "")}";
    }));

    private static string Name(Type type)
    {
        if (type.IsByRef)
            return Name(type.GetElementType()!);
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Name(underlying) + "?";

        if (_keywords.TryGetValue(type, out var keyword))
            return keyword;

        var name = type.Name.Split('`')[0];
        if (type is { IsNested: true, IsGenericParameter: false })
            name = $"{Name(type.DeclaringType!)}.{name}";

        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
